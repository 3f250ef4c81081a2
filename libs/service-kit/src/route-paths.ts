import { routes } from '@caio/contracts';
import type { ServiceName } from '@caio/contracts';

export const segmentsOf = (path: string): string[] => path.toLowerCase().split('/').filter(Boolean);

/** Whether a path is one of a described route; `:name` stands for any one part. */
export const fits = (pattern: readonly string[], path: readonly string[]): boolean =>
  pattern.length === path.length &&
  pattern.every((part, index) => part.startsWith(':') || part === path[index]);

/** Which methods a service takes at a path, HEAD with GET; none when it has no such path. */
export const createMethodLookup = (service: ServiceName) => {
  const described = routes
    .filter((route) => route.service === service)
    .map(({ method, path }) => ({ method, pattern: segmentsOf(path) }));
  return (path: string): readonly string[] => {
    const asked = segmentsOf(path);
    const methods = described.filter(({ pattern }) => fits(pattern, asked)).map(({ method }) => method);
    return [...new Set(methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])))];
  };
};
