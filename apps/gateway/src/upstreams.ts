import { routes, type ServiceName } from '@caio/contracts';

export type Upstream = Exclude<ServiceName, 'gateway'>;

/** Which service owns what lies under `/api/<word>`, as the catalogue of routes says: none can be forgotten here. */
const owners: ReadonlyMap<string, Upstream> = new Map(
  routes.flatMap(({ path, service, door }): [string, Upstream][] => {
    const [, root, word] = path.split('/');
    const isPassedOn = root === 'api' && word !== undefined && door.kind === 'permission';
    return isPassedOn && service !== 'gateway' ? [[word, service]] : [];
  }),
);

/** The owner of a path, or null. `/api/draftsman` is not `/api/drafts`, and a path nobody owns is 404. */
export const ownerOf = (path: string): Upstream | null => {
  const [, root, word] = path.split('/');
  return root === 'api' && word !== undefined ? (owners.get(word) ?? null) : null;
};
