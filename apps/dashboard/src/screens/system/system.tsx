import type { Dependency } from '../../api/desk-api.ts';
import { useDesk } from '../../desk/desk.ts';
import { useLiveQuery } from '../../desk/use-live-query.ts';
import { Icon } from '../../parts/icon.tsx';
import { Facts } from '../../parts/facts.tsx';
import { Live } from '../../parts/live.tsx';
import { channelModes } from '../../words/delivery-words.ts';
import { Waiting } from '../batch-preview/progress-panel.tsx';
import { AuditPanel } from './audit-panel.tsx';
import { CustomersPanel } from './customers-panel.tsx';
import { JobTable } from './job-table.tsx';
import { RampPanel } from './ramp-panel.tsx';
import { UnknownActions } from './unknown-actions.tsx';

const againMs = 10_000;

/** What a part does, for somebody who does not know its name. */
const partWords: Readonly<Record<string, string>> = {
  gateway: 'The door: logins, this desk',
  gatekeeper: 'Drafts, batches, sending',
  scheduler: 'Lead files',
  webhooks: 'Answers from providers, opt-outs',
  redis: 'The store',
  inngest: 'The clock: what starts by itself',
  queues: 'Work between the parts',
  providers: 'Those who deliver the messages',
};

type Standing = 'ready' | 'away' | 'left out';

const Part = (props: { readonly name: string; readonly standing: Standing; readonly message: string }) => (
  <li class={props.standing === 'away' ? 'part part-away' : 'part'}>
    <Icon name={props.standing === 'ready' ? 'check' : props.standing === 'away' ? 'warn' : 'clock'} />
    <span>
      <strong>{partWords[props.name] ?? props.name}</strong>
      <span class="part-message">
        {partWords[props.name] === undefined ? '' : `${props.name}: `}
        {props.message}
      </span>
    </span>
  </li>
);

/** What is optional and was not set up is no fault. */
const standingOf = ({ ready, required, configured }: Dependency): Standing =>
  ready ? 'ready' : required === false && configured === false ? 'left out' : 'away';

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
                <Part name={part} standing={ready ? 'ready' : 'away'} message={message} />
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
              {found.map((dependency) => (
                <Part name={dependency.name} standing={standingOf(dependency)} message={dependency.message} />
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
      <CustomersPanel />
      <RampPanel />
      <AuditPanel />
    </div>
  );
};
