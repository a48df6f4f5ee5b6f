/** The used part of newman, which has no types. */
declare module "newman" {
  interface Run {
    stats: { requests: { total: number }; assertions: { total: number; failed: number } };
    executions: {
      item: { name: string; request: { method: string; url: { getPath(options: { unresolved: boolean }): string } } };
      response?: { code: number; text(): string };
    }[];
    failures: { error: { message: string }; source?: { name?: string } }[];
  }
  function run(options: object, done: (error: Error | null, summary: { run: Run }) => void): void;
  const newman: { run: typeof run };

  export { type Run };
  export default newman;
}
