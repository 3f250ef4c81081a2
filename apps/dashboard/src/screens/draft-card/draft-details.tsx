import type { Draft } from '@caio/contracts';
import { Digest } from '../../parts/digest.tsx';
import { Facts } from '../../parts/facts.tsx';
import { LeadText, VisibleText } from '../../parts/visible-text.tsx';
import { channelWords } from '../../words/delivery-words.ts';
import { instantWords } from '../../words/instant-words.ts';
import { motionWords } from '../../words/state-words.ts';

const dayNames = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

const origin = (draft: Draft): string =>
  draft.origin.kind === 'run' ? `row ${draft.origin.line} of a lead file` : `the agent ${draft.origin.agent}`;

/** Everything else the digest covers, and where the text comes from. */
export const DraftDetails = ({ draft }: { readonly draft: Draft }) => {
  const { message } = draft;
  const { settings } = message;
  const days = settings.schedule.days.map((day) => dayNames[day - 1] ?? String(day)).join(' ');
  return (
    <section class="panel">
      <h3>What the approval covers</h3>
      <Facts
        facts={[
          ['Text', <Digest digest={draft.contentDigest} what="content digest" />],
          ['Revision', String(draft.revision)],
          ['Template', draft.templateId ?? 'none: written by an agent'],
          [
            'Kind',
            `${channelWords[message.channel] ?? message.channel}, ${motionWords[message.motion].toLowerCase()}`,
          ],
        ]}
      />
      <details>
        <summary>Everything else in it</summary>
        <Facts
          facts={[
            ['Route', message.route.replace('_', ' ')],
            ['Opens tracked', settings.trackOpens ? 'yes' : 'no'],
            ['Clicks tracked', settings.trackClicks ? 'yes' : 'no'],
            ['Stops on reply', settings.stopOnReply ? 'yes' : 'no'],
            ['Follow-ups', String(settings.followUps)],
            [
              'Sending hours',
              `${days}, ${settings.schedule.from}–${settings.schedule.to} (${settings.schedule.timezone})`,
            ],
            ['Opt-out link', <VisibleText text={message.unsubscribeUrl} />],
            ...Object.entries(message.headers).map(
              ([name, value]) => [name, <VisibleText text={value} />] as const,
            ),
            ['Source', origin(draft)],
            ['Written', instantWords(draft.createdAt)],
            ['Copy pack', draft.copyPackVersion],
            ['Policy', draft.policyVersion],
            ['Reference', <code>{draft.correlationId}</code>],
          ]}
        />
      </details>
      {draft.decisions.length === 0 ? null : (
        <details>
          <summary>What was decided so far ({draft.decisions.length})</summary>
          <ul class="sentences">
            {draft.decisions.map(({ command, by, at, reason }) => (
              <li>
                <strong>{command}</strong> by {by}, {instantWords(at)}
                {reason === '' ? null : (
                  <>
                    : <LeadText text={reason} />
                  </>
                )}
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
};
