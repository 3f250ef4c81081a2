import { agreed, mergeVariables, type ServiceVariable, servicesOf, type Variable } from './configuration.ts';
import { variableMeanings } from './variable-meanings.ts';

const width = 100;

const comment = (text: string): string[] => {
  const lines: string[] = [];
  let line = '#';
  for (const word of text.replaceAll('`', '').split(' ')) {
    if (line.length + word.length + 1 > width) {
      lines.push(line);
      line = '#';
    }
    line += ` ${word}`;
  }
  return [...lines, line];
};

const assignment = (name: string, { fallback, secret }: ServiceVariable): string => {
  if (fallback === null) return `${name}=`;
  return secret || fallback === '' ? `# ${name}=` : `# ${name}=${fallback}`;
};

const need = ({ fallback, secret }: ServiceVariable): string =>
  `${fallback === null ? 'Required' : 'Optional'}${secret ? ', secret' : ''}.`;

const entry = (variable: Variable): string[] => {
  const [reader] = variable.readers;
  if (reader === undefined) return [];
  const fixes = agreed(variable, ({ fix }) => fix).map(({ value }) => value);
  const assignments = agreed(variable, (own) => assignment(variable.name, own));
  return [
    '',
    ...comment(`${need(reader)} ${variableMeanings[variable.name] ?? ''} ${fixes.join(' ')}`),
    ...assignments.map(({ services, value }) =>
      assignments.length === 1 ? value : `#   ${services.join(', ')}: ${value.replace(/^# /, '')}`,
    ),
  ];
};

const title = (text: string): string[] => [
  '',
  `# ${'-'.repeat(width - 2)}`,
  `# ${text}`,
  `# ${'-'.repeat(width - 2)}`,
];

/** .env.example: every variable with its default commented out, nothing secret filled in. */
export const describeEnvironmentExample = (all: readonly ServiceVariable[]): string => {
  const variables = mergeVariables(all);
  const services = [...new Set(all.map(({ service }) => service))];
  const shared = variables.filter((variable) => servicesOf(variable).length === services.length);
  return [
    ...comment(
      'Made from the configuration of the services by `npm run docs`; what each variable is: docs/configuration.md. Nothing reads this file by itself: copy the parts of a service to its settings. A line that begins with # shows the default, or a variable that may be left out. Never commit a filled-in copy.',
    ),
    ...title('every service'),
    ...shared.flatMap(entry),
    ...services.flatMap((service) => [
      ...title(service),
      ...variables
        .filter((variable) => !shared.includes(variable) && servicesOf(variable).includes(service))
        .flatMap(({ name, readers }) =>
          entry({ name, readers: readers.filter((reader) => reader.service === service) }),
        ),
    ]),
    '',
  ].join('\n');
};
