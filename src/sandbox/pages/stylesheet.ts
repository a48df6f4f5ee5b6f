/** Shared by all pages and printed into each, so that a page is one answer and asks for nothing else. */
export const STYLESHEET = `
:root { color-scheme: light dark; }
`;
