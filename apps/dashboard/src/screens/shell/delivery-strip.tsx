import type { QueueStatus } from '@caio/contracts';
import type { ComponentChildren } from 'preact';
import { useDesk } from '../../desk/desk.ts';
import type { LiveState } from '../../desk/live-query.ts';
import { StaleBand } from '../../parts/live.tsx';
import { channelModes, deliveryBanner } from '../../words/delivery-words.ts';

const Strip = (props: {
  readonly kind: 'asking' | 'unknown' | 'live' | 'harmless';
  readonly children: ComponentChildren;
}) => (
  <section class={`strip strip-${props.kind}`} aria-label="Where messages go">
    {props.children}
  </section>
);

/** Where messages go, on every screen. While that is not known, it says that instead of guessing. */
export const DeliveryStrip = ({ state }: { readonly state: LiveState<QueueStatus> }) => {
  const { status } = useDesk();
  if (state.kind === 'loading') return <Strip kind="asking">Asking where messages go…</Strip>;
  if (state.kind === 'failed')
    return (
      <Strip kind="unknown">Where messages go is not known at the moment: the system does not answer.</Strip>
    );
  const banner = deliveryBanner(state.value.deliveryModes);
  const stale =
    state.kind === 'stale' ? <StaleBand {...state} onRetry={() => void status.refresh()} /> : null;
  return (
    <>
      {banner === null ? (
        <Strip kind="live">
          {channelModes(state.value.deliveryModes).map(({ channel, words }) => (
            <span>
              <strong>{channel}</strong> {words}
            </span>
          ))}
        </Strip>
      ) : (
        <Strip kind="harmless">
          <strong>{banner.title}</strong> <span class="strip-detail">{banner.detail}</span>
        </Strip>
      )}
      {stale}
    </>
  );
};
