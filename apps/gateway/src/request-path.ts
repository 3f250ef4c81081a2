/**
 * The path of a request target, or null when it is not one that every part reads the same way: encoded
 * characters, empty or dot segments, back-slashes and whole URLs name nothing in this system, and what the door
 * takes for one address must not be another behind it.
 */
export const plainPathOf = (target: string): string | null => {
  const path = target.split('?', 1)[0] ?? '';
  if (!/^(?:\/[A-Za-z0-9_~:@.-]+)+\/?$/.test(path)) return null;
  return path.split('/').some((segment) => segment === '.' || segment === '..') ? null : path;
};
