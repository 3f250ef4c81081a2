/** The `code` of whatever was thrown, or null. Judged by shape: an error may come from another realm. */
export const errorCodeOf = (error: unknown): string | null => {
  const code: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : null;
  return typeof code === 'string' ? code : null;
};
