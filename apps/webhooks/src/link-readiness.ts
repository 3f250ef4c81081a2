import type { UnsubscribeTokens } from '@caio/auth';
import type { ReadinessCheck } from '@caio/service-kit';
import type { LinkSample } from '@caio/state-store';

/** Links that the gatekeeper writes into messages have to work here, or nobody can opt out and nobody notices. */
export const createLinkReadiness = (deps: {
  sample: Pick<LinkSample, 'read'>;
  tokens: Pick<UnsubscribeTokens, 'verify'>;
}): ReadinessCheck => ({
  name: 'links',
  check: async () => {
    const token = await deps.sample.read();
    if (token === null) return { ready: true, required: true, message: 'no link was made yet' };
    return deps.tokens.verify(token) === null
      ? {
          ready: false,
          required: true,
          message: 'Links in messages do not work here; set UNSUBSCRIBE_SECRET as the gatekeeper has it.',
        }
      : { ready: true, required: true, message: 'links in messages work' };
  },
});
