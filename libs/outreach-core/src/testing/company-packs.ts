import { readFileSync } from 'node:fs';
import path from 'node:path';
import { copyPackFileSchema, copyPackSchema } from '@caio/contracts';
import type { CopyPack, Lead } from '@caio/contracts';
import { compileCopyPack } from '../copy-pack/compiled-copy-pack.ts';
import type { CompiledCopyPack } from '../copy-pack/compiled-copy-pack.ts';

const root = path.resolve(__dirname, '../../../../config/copy-pack');

/** The committed pack of a company, texts inlined, as the loader of the services would. */
export const companyPackData = (company: string): CopyPack => {
  const text = (name: string) => readFileSync(path.join(root, company, name), 'utf8');
  const { footerFile, templates, ...rest } = copyPackFileSchema.parse(JSON.parse(text('pack.json')));
  return copyPackSchema.parse({
    ...rest,
    footer: text(footerFile),
    templates: templates.map(({ bodyFile, ...template }) => ({ ...template, body: text(bodyFile) })),
  });
};

/** Compiles a pack, or fails the test with its problems. */
export const compiled = (data: CopyPack): CompiledCopyPack => {
  const outcome = compileCopyPack({ pack: data, version: `${data.id}@1+0123456789ab`, environment: 'test' });
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.problems, null, 2));
  return outcome.pack;
};

export const companyPack = (company: string): CompiledCopyPack => compiled(companyPackData(company));

/** A complete lead of a fictional staffing company; overrides say what the case is about. */
export const leadWith = (overrides: Partial<Lead> = {}): Lead => ({
  email: 'dana.ortiz@bluewater.example',
  emailStatus: 'verified',
  firstName: 'Dana',
  lastName: 'Ortiz',
  fullName: 'Dana Ortiz',
  title: 'Chief Executive Officer',
  company: 'Bluewater Staffing, Inc.',
  companyDomain: 'bluewater.example',
  industry: 'Staffing & Recruiting',
  employees: { min: 120, max: 120 },
  revenueUsd: { min: 12_000_000, max: 12_000_000 },
  linkedinUrl: 'https://www.linkedin.com/in/dana-ortiz-example',
  city: 'Pinehaven',
  country: 'United States',
  externalId: null,
  ...overrides,
});
