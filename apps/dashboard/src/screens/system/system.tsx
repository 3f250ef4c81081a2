import { useDesk } from '../../desk/desk.ts';
import { useLiveQuery } from '../../desk/use-live-query.ts';
import { Icon } from '../../parts/icon.tsx';
import { Facts } from '../../parts/facts.tsx';
import { Live } from '../../parts/live.tsx';
import { channelModes } from '../../words/delivery-words.ts';
import { Waiting } from '../batch-preview/progress-panel.tsx';
import { AuditPanel } from './audit-panel.tsx';
import { JobTable } from './job-table.tsx';
import { UnknownActions } from './unknown-actions.tsx';

const againMs = 10_000;

const Part = (props: { readonly name: string; readonly ready: boolean; readonly message: string }) => (
  <li class={props.ready ? 'part' : 'part part-away'}>
    <Icon name={props.ready ? 'check' : 'warn'} />
    <span>
      <strong>{props.name}</strong> {props.message}
    </span>
  </li>
);

const requirement = (required: boolean | undefined, configured: boolean | undefined): string =>
  [required === false ? 'optional' : null, configured === false ? 'not configured' : null]
    .filter(Boolean)
    .join(', ');

/** How the system is, for somebody who does not run it: which parts answer, and what waits where. */
export const System = () => {
  const desk = useDesk();
  const health = useLiveQuery('system-health', desk.api.health, againMs);
  const dependencies = useLiveQuery('dependencies', desk.api.dependencies, againMs);
  return (
    <div class="page">
      <header class="page-head">
        <div>
          <h1>System</h1>
          <p class="quiet">What answers, what waits, and under which rules.</p>
        </div>
      </header>
      <section class="panel">
        <h2>Parts</h2>
        <Live query={health} what="the parts" within="panel">
          {({ parts }) => (
            <ul class="parts">
              {parts.map(({ part, ready, message }) => (
                <Part name={part} ready={ready} message={message} />
              ))}
            </ul>
          )}
        </Live>
      </section>
      <section class="panel">
        <h2>What they depend on</h2>
        <Live query={dependencies} what="the dependencies" within="panel">
          {(found) => (
            <ul class="parts">
              {found.map(({ name, ready, message, required, configured }) => (
                <Part name={name} ready={ready} message={`${message} ${requirement(required, configured)}`} />
              ))}
            </ul>
          )}
        </Live>
      </section>
      <Live query={desk.status} what="the state">
        {(status) => (
          <>
            <UnknownActions unknown={status.unknown} />
            <section class="panel">
              <h2>Rules in force</h2>
              <Facts
                facts={[
                  ['Environment', status.environment],
                  ...channelModes(status.deliveryModes).map(
                    ({ channel, words }) => [channel, words] as const,
                  ),
                  ['Policy', <code class="wrap">{status.policyVersion}</code>],
                  ['Copy pack', <code class="wrap">{status.copyPackVersion}</code>],
                  [
                    'Store',
                    status.recovering ? 'came back and is being compared with the providers' : 'in order',
                  ],
                ]}
              />
            </section>
            <Waiting />
            <JobTable jobs={status.jobs} />
          </>
        )}
      </Live>
      <AuditPanel />
    </div>
  );
};
