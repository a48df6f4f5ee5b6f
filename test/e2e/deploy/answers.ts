/** An answer of Cloudflare's API v4. */
export interface Answer {
  status: number;
  body: object;
}

export function success(result: unknown): Answer {
  const list = Array.isArray(result) ? result.length : 1;
  const result_info = { page: 1, per_page: 50, count: list, total_count: list, total_pages: 1 };
  return { status: 200, body: { success: true, errors: [], messages: [], result, result_info } };
}

export function failure(status: number, code: number, message: string): Answer {
  return { status, body: { success: false, errors: [{ code, message }], messages: [], result: null } };
}
