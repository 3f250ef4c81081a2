/** What one part needs to work. `message` is public: short, no addresses, no errors of libraries. */
export interface Readiness {
  ready: boolean;
  required: boolean;
  message: string;
}

export interface ReadinessCheck {
  name: string;
  check: () => Promise<Readiness>;
}

export interface ReadinessReport {
  status: 'ready' | 'not_ready';
  checks: ({ name: string } & Readiness)[];
}

const withDeadline = (check: () => Promise<Readiness>, timeoutMs: number): Promise<Readiness> => {
  const failed = (message: string): Readiness => ({ ready: false, required: true, message });
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(failed(`No answer within ${timeoutMs} ms.`)), timeoutMs);
    const settle = (answer: Readiness): void => {
      clearTimeout(timer);
      resolve(answer);
    };
    // A check that throws says nothing about whether the part is required, so it counts as required.
    Promise.resolve()
      .then(check)
      .then(settle, () => settle(failed('The check failed.')));
  });
};

/** Asks every part at once. Not ready when a required one is not; a silent check counts as not ready. */
export const reportReadiness = async (
  checks: readonly ReadinessCheck[],
  timeoutMs: number,
): Promise<ReadinessReport> => {
  const answers = await Promise.all(
    checks.map(async ({ name, check }) => ({ name, ...(await withDeadline(check, timeoutMs)) })),
  );
  const ready = answers.every((answer) => answer.ready || !answer.required);
  return { status: ready ? 'ready' : 'not_ready', checks: answers };
};
