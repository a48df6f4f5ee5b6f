/** The API version that the pinned SDK sends, and the only one that the emulator accepts. */
export const API_VERSION = "2026-10-28.endive";
