const queueWords: Readonly<Record<string, string>> = {
  drafts: 'Drafts to take in',
  dispatch: 'Messages to hand over',
};
const stateWords: Readonly<Record<string, string>> = {
  waiting: 'Waiting',
  active: 'In work',
  delayed: 'Put off',
  failed: 'Failed',
  completed: 'Done',
};

/** Work that waits between the services, by queue. A failed job is one that somebody has to look at. */
export const JobTable = ({
  jobs,
}: {
  readonly jobs: Readonly<Record<string, Readonly<Record<string, number>>>>;
}) => {
  const states = [...new Set(Object.values(jobs).flatMap((counts) => Object.keys(counts)))];
  if (states.length === 0) return null;
  return (
    <section class="panel">
      <h2>Work between the parts</h2>
      <div class="table-scroll" tabIndex={0} role="region" aria-label="Queues">
        <table class="jobs">
          <thead>
            <tr>
              <th scope="col">What</th>
              {states.map((state) => (
                <th scope="col">{stateWords[state] ?? state}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {Object.entries(jobs).map(([queue, counts]) => (
              <tr>
                <th scope="row">{queueWords[queue] ?? queue}</th>
                {states.map((state) => (
                  <td>{counts[state] ?? 0}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
};
