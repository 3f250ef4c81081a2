import path from 'node:path';
import { copyPackFileSchema, copyPackSchema } from '@caio/contracts';
import type { CopyPack } from '@caio/contracts';
import { compileCopyPack, copyPackBytes } from '@caio/outreach-core';
import type { CompiledCopyPack } from '@caio/outreach-core';
import { isDayWindow, isTimezone } from './clock-fields.ts';
import { CompanyDataError } from './company-data-error.ts';
import type { CompanyDataProblem } from './company-data-error.ts';
import { readDataFile, readTextBeside } from './data-file.ts';
import { dataVersion } from './data-version.ts';

const scheduleProblems = (pack: CopyPack, file: string): CompanyDataProblem[] => {
  const { timezone, from, to, days } = pack.rendering.schedule;
  const place = { file, path: 'rendering.schedule' };
  return [
    ...(isTimezone(timezone)
      ? []
      : [
          {
            ...place,
            code: 'timezone_unknown',
            reason: 'this is no time zone',
            fix: 'Use a name like America/Detroit.',
          },
        ]),
    ...(isDayWindow(from, to) && days.length > 0
      ? []
      : [
          {
            ...place,
            code: 'window_empty',
            reason: 'no message could ever leave',
            fix: 'Name at least one day and set from before to.',
          },
        ]),
  ];
};

/**
 * Reads a company's copy pack (`pack.json` and the `.liquid` files it names), checks it, parses every text
 * once and computes its version. Example values are refused outside local environments. Throws
 * `CompanyDataError` naming every problem.
 */
export const loadCopyPack = (dir: string, options: { readonly environment: string }): CompiledCopyPack => {
  const file = path.join(dir, 'pack.json');
  const { footerFile, templates, ...rest } = readDataFile(file, copyPackFileSchema);
  const pack = copyPackSchema.parse({
    ...rest,
    footer: readTextBeside(dir, footerFile, { file, path: 'footerFile' }),
    templates: templates.map(({ bodyFile, ...template }, index) => ({
      ...template,
      body: readTextBeside(dir, bodyFile, { file, path: `templates[${String(index)}].bodyFile` }),
    })),
  });
  const version = dataVersion(pack.id, pack.revision, copyPackBytes(pack));
  const outcome = compileCopyPack({ pack, version, environment: options.environment });
  const found = [
    ...scheduleProblems(pack, file),
    ...(outcome.ok ? [] : outcome.problems.map((problem) => ({ file, ...problem }))),
  ];
  if (found.length > 0 || !outcome.ok) throw new CompanyDataError(found);
  return outcome.pack;
};
