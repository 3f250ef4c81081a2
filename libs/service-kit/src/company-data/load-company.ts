import path from 'node:path';
import { icpSchema } from '@caio/contracts';
import type { Icp } from '@caio/contracts';
import type { CompiledCopyPack } from '@caio/outreach-core';
import { CompanyDataError } from './company-data-error.ts';
import { readDataFile } from './data-file.ts';
import { loadCopyPack } from './load-copy-pack.ts';

/** All that makes one company: whom it writes to and what it says. */
export interface LoadedCompany {
  readonly pack: CompiledCopyPack;
  readonly icp: Icp;
}

/**
 * Reads the folder of one company, `config/copy-pack/<company>`: copy pack and `icp.json`, which have to be of
 * the same company. Throws `CompanyDataError`.
 */
export const loadCompany = (dir: string, options: { readonly environment: string }): LoadedCompany => {
  const pack = loadCopyPack(dir, options);
  const file = path.join(dir, 'icp.json');
  const icp = readDataFile(file, icpSchema);
  if (icp.company !== pack.data.id) {
    throw new CompanyDataError([
      {
        code: 'company_mismatch',
        file,
        path: 'company',
        reason: `this is the ICP of "${icp.company}", the copy pack is that of "${pack.data.id}"`,
        fix: 'Put the two files of one company into one folder.',
      },
    ]);
  }
  return { pack, icp };
};
