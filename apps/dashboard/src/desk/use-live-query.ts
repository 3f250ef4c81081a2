import { useEffect, useMemo } from 'preact/hooks';
import type { ApiOutcome } from '../api/api-client.ts';
import { useDesk } from './desk.ts';
import { createLiveQuery, type LiveQuery, type Pace } from './live-query.ts';

/**
 * A live query for as long as the component is shown; another `name` is another query. It asks again when the page
 * is looked at again and when the network is back.
 */
export const useLiveQuery = <T>(
  name: string,
  load: (signal: AbortSignal) => Promise<ApiOutcome<T>>,
  everyMs: Pace<T>,
): LiveQuery<T> => {
  const { timers, isWatched } = useDesk();
  const query = useMemo(() => createLiveQuery({ load, everyMs, timers, isWatched }), [name]);
  useEffect(() => {
    void query.refresh();
    const again = (): void => {
      if (isWatched()) void query.refresh();
    };
    window.addEventListener('online', again);
    document.addEventListener('visibilitychange', again);
    return () => {
      window.removeEventListener('online', again);
      document.removeEventListener('visibilitychange', again);
      query.stop();
    };
  }, [query]);
  return query;
};
