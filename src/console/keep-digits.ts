/** Makes texts of numbers that a float would round or shorten, so that every amount keeps each of its digits. */
export function keepDigits(json: string): string {
  return json.replace(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?![\d.eE])/g, (found) =>
    found.startsWith('"') || /^-?\d{1,15}$/.test(found) ? found : `"${found}"`,
  );
}
