/** The API version that the pinned SDK sends. The emulator speaks no other. */
export const API_VERSION = "2026-10-28.endive";
