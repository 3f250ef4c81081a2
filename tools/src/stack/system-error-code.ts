/** The code of an error of the operating system, like `ENOENT`; null for any other error. */
export const systemErrorCode = (error: unknown): string | null => {
  // By its shape: an error from Node's own side is no instance of a test's Error.
  const code: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : null;
  return typeof code === 'string' && /^E[A-Z0-9]+$/.test(code) ? code : null;
};
