const home = '/sales';

/**
 * Where to go after the login: a path of this origin, or the desk. What a browser could read as another host is
 * refused, whatever way it is written.
 */
export const nextPathOf = (given: string | null | undefined): string => {
  const path = (given ?? '').trim();
  // Browsers drop tabs and line breaks and read a back-slash as a slash, so none of them may stand anywhere.
  if (!/^\/(?!\/)[\x21-\x5b\x5d-\x7e]*$/.test(path) || path.length > 2_000) return home;
  const base = 'https://door.example';
  const url = URL.canParse(path, base) ? new URL(path, base) : null;
  if (url === null || url.origin !== base || url.pathname.startsWith('//')) return home;
  return /^\/(login|logout)(\/|$)/i.test(url.pathname) ? home : path;
};
