// Risk: a service starts with company data that is broken, made up, meant for a laptop, or silently misspelt.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ConfigError } from '../config.ts';
import { CompanyDataError } from './company-data-error.ts';
import type { CompanyDataProblem } from './company-data-error.ts';
import { loadCompany } from './load-company.ts';
import { loadCopyPack } from './load-copy-pack.ts';
import { loadPolicy } from './load-policy.ts';

const config = path.resolve(__dirname, '../../../../config');
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'company-data-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const problemsOf = (load: () => unknown): readonly CompanyDataProblem[] => {
  try {
    load();
  } catch (error) {
    if (error instanceof CompanyDataError) return error.found;
    throw error;
  }
  return [];
};
const codesOf = (load: () => unknown) =>
  problemsOf(load).map(({ code, path: place }) => `${code} ${place}`.trim());

/** A copy of a committed company folder, with some files rewritten. */
const companyWith = (
  edits: Record<string, (text: string) => string> = {},
  company = 'harbor-pine',
): string => {
  const dir = path.join(folder, company);
  cpSync(path.join(config, 'copy-pack', company), dir, { recursive: true });
  for (const [name, edit] of Object.entries(edits)) {
    const file = path.join(dir, name);
    writeFileSync(file, edit(readFileSync(file, 'utf8')));
  }
  return dir;
};
const policyWith = (edit: (text: string) => string, name = 'supervised-ramp'): string => {
  const file = path.join(folder, `${name}.json`);
  writeFileSync(file, edit(readFileSync(path.join(config, 'policy', `${name}.json`), 'utf8')));
  return file;
};
const local = { environment: 'local' };
/** A pack without any example value, as a real company would keep it. */
const real = (text: string): string =>
  text.replaceAll('harborpine.example', 'harborpine.internal').replaceAll('Example Wharf', 'Long Wharf');

describe('copy packs', () => {
  test.each(['harbor-pine', 'kestrel-field'])(
    'the committed folder of %s loads without a code change',
    (company) => {
      const loaded = loadCompany(path.join(config, 'copy-pack', company), local);
      expect(loaded.pack.version).toMatch(new RegExp(`^${company}@\\d+\\+[0-9a-f]{12}$`));
      expect(loaded.icp.company).toBe(company);
    },
  );

  test('the version follows the content, not the spelling of the file', () => {
    const version = (dir: string) => loadCopyPack(dir, local).version;
    const original = version(companyWith());
    const sorted = (text: string) => {
      const data: Record<string, unknown> = JSON.parse(text);
      return JSON.stringify(Object.fromEntries(Object.entries(data).reverse()));
    };
    expect(version(companyWith({ 'pack.json': sorted }))).toBe(original);
    const windows = (text: string) => `\ufeff${text.replaceAll('\n', '\r\n')}`;
    expect(version(companyWith({ 'templates/t1-staffing-desk.liquid': windows }))).toBe(original);
    const comma = (text: string) => text.replace('Hi {{', 'Hello {{');
    expect(version(companyWith({ 'templates/t1-staffing-desk.liquid': comma }))).not.toBe(original);
    const revision = (text: string) => text.replace('"revision": 1', '"revision": 2');
    expect(version(companyWith({ 'pack.json': revision }))).toMatch(/@2\+/);
  });

  test.each(['staging', 'production', 'prodution', 'eu-live'])(
    'example values are refused in %s',
    (environment) => {
      const codes = codesOf(() => loadCopyPack(companyWith(), { environment }));
      expect(codes).toEqual(
        expect.arrayContaining([
          'example_value senders[0].email',
          'example_value senders[1].email',
          'example_value company.postalAddress',
          'example_value company.website',
          'example_value bookingUrl',
        ]),
      );
      expect(codesOf(() => loadCopyPack(companyWith({ 'pack.json': real }), { environment }))).toEqual([]);
    },
  );

  test('a test environment takes example values', () => {
    expect(codesOf(() => loadCopyPack(companyWith(), { environment: 'test-7' }))).toEqual([]);
  });

  test('every problem is named with file, place and fix, and stops a start', () => {
    const dir = companyWith({
      'pack.json': (text) =>
        text
          .replace('"default": true', '"default": false')
          .replace('"claims": ["staffing-hours"]', '"claims": ["staffing-days"]')
          .replace('America/Detroit', 'America/Atlantis'),
      'templates/t1-executive-agency.liquid': (text) => `${text}{{ lead.shoe_size }}`,
      'templates/t1-commerce-questions.liquid': (text) => `${text}{% include 'secrets' %}`,
    });
    const load = () => loadCopyPack(dir, local);
    expect(codesOf(load)).toEqual(
      expect.arrayContaining([
        'timezone_unknown rendering.schedule',
        'default_sender senders',
        'unknown_variable templates[0].body',
        'unknown_reference templates[1].claims',
        'template_invalid templates[4].body',
      ]),
    );
    expect(load).toThrow(ConfigError);
    expect(load).toThrow(
      /pack\.json, senders: .*exactly one.* \(default_sender\)\. Set "default": true on one/,
    );
  });

  test.each([
    { name: 'a missing folder', edit: null, code: 'file_missing' },
    {
      name: 'broken JSON',
      edit: (text: string) => text.replace('"revision": 1,', '"revision": 1'),
      code: 'not_json',
    },
    {
      name: 'a missing field',
      edit: (text: string) => text.replace('"bookingUrl"', '"bookingLink"'),
      code: 'field_invalid bookingUrl',
    },
    {
      name: 'a text that is not there',
      edit: (text: string) => text.replace('footer.liquid', 'foot.liquid'),
      code: 'file_missing',
    },
    {
      name: 'a text outside the folder',
      edit: (text: string) => text.replace('templates/footer.liquid', '../../secrets.liquid'),
      code: 'file_outside footerFile',
    },
    {
      name: 'a filler limit above the house limit',
      edit: (text: string) => text.replace('"fillerDensityMax": 0.4', '"fillerDensityMax": 0.9'),
      code: 'field_invalid guards.fillerDensityMax',
    },
  ])('$name is refused', ({ edit, code }) => {
    const dir = edit === null ? path.join(folder, 'nowhere') : companyWith({ 'pack.json': edit });
    expect(codesOf(() => loadCopyPack(dir, local))).toContain(code);
  });

  test('broken JSON is located', () => {
    const dir = companyWith({ 'pack.json': (text) => text.replace('"revision": 1,', '"revision": 1') });
    expect(problemsOf(() => loadCopyPack(dir, local))[0]?.reason).toMatch(/\(line 4, column \d+\)$/);
  });

  test('a link out of the folder is not followed', () => {
    const dir = companyWith();
    const secret = path.join(folder, 'secret.liquid');
    writeFileSync(secret, 'a text of somebody else');
    rmSync(path.join(dir, 'templates/footer.liquid'));
    symlinkSync(secret, path.join(dir, 'templates/footer.liquid'));
    expect(codesOf(() => loadCopyPack(dir, local))).toEqual(['file_outside footerFile']);
  });

  test('a text that is not UTF-8 is refused', () => {
    const dir = companyWith();
    writeFileSync(path.join(dir, 'templates/footer.liquid'), Buffer.from([0x47, 0xfc, 0x6e]));
    expect(codesOf(() => loadCopyPack(dir, local))).toEqual(['not_utf8']);
  });

  test('the ICP of another company is refused', () => {
    const other = readFileSync(path.join(config, 'copy-pack/kestrel-field/icp.json'), 'utf8');
    const dir = companyWith({ 'icp.json': () => other });
    expect(codesOf(() => loadCompany(dir, local))).toEqual(['company_mismatch company']);
  });
});

describe('policies', () => {
  test.each(['local', 'supervised-ramp', 'phase-two'])('config/policy/%s.json loads', (name) => {
    const loaded = loadPolicy(path.join(config, 'policy', `${name}.json`), local);
    expect(loaded.version).toMatch(new RegExp(`^${name}@1\\+[0-9a-f]{12}$`));
  });

  test('the supervised ramp has the limits of the architecture', () => {
    const { policy } = loadPolicy(path.join(config, 'policy/supervised-ramp.json'), local);
    expect(policy.caps.email).toMatchObject({
      perHour: 15,
      perDay: 25,
      perMonth: 2500,
      perDomainPerDay: 3,
      gapSeconds: 45,
    });
    expect(policy.caps.linkedin.perDay).toBe(5);
    expect(policy.tiersAllowed.linkedin).not.toContain('tier_3');
    expect(policy.ramp).toMatchObject({
      enabled: true,
      emailPerDay: 5,
      tiers: ['tier_1'],
      cleanDaysRequired: 3,
      lookbackDays: 45,
    });
    expect(policy.rejection).toEqual({ memoryDays: 30, blockAfter: 2 });
    expect({ expiry: policy.batch.expiryHours, stale: policy.draft.staleHours }).toEqual({
      expiry: 24,
      stale: 72,
    });
  });

  test('phase two allows ten a day', () => {
    const { policy } = loadPolicy(path.join(config, 'policy/phase-two.json'), local);
    expect(policy.caps.email.perDay).toBe(10);
  });

  test.each(['staging', 'production'])('the local policy is refused in %s', (environment) => {
    const file = path.join(config, 'policy/local.json');
    expect(codesOf(() => loadPolicy(file, { environment }))).toContain('policy_local_only localOnly');
    const emptied = policyWith((text) =>
      text.replace(/"nurtureDomains": \[[^\]]*\]/, '"nurtureDomains": []'),
    );
    expect(codesOf(() => loadPolicy(emptied, { environment }))).toEqual([]);
  });

  test.each([
    {
      name: 'a misspelt rule',
      edit: (text: string) => text.replace('"localOnly"', '"localOnyl": true, "localOnly"'),
      code: 'field_unknown localOnyl',
    },
    {
      name: 'a misspelt rule inside a group',
      edit: (text: string) => text.replace('"perHour": 15', '"perHour": 15, "perhour": 1'),
      code: 'field_unknown caps.email.perhour',
    },
    {
      name: 'a cap of nothing',
      edit: (text: string) => text.replace('"perHour": 15', '"perHour": 0'),
      code: 'field_invalid caps.email.perHour',
    },
    {
      name: 'an unknown zone',
      edit: (text: string) => text.replace('America/Detroit', 'Detroit'),
      code: 'timezone_unknown timezone',
    },
    {
      name: 'a window that ends first',
      edit: (text: string) => text.replace('"from": "08:00"', '"from": "19:00"'),
      code: 'window_empty window',
    },
    {
      name: 'a lease shorter than a send',
      edit: (text: string) => text.replace('"leaseSeconds": 60', '"leaseSeconds": 30'),
      code: 'lease_too_short dispatch.leaseSeconds',
    },
  ])('$name is refused', ({ edit, code }) => {
    expect(codesOf(() => loadPolicy(policyWith(edit), local))).toEqual([code]);
  });

  test('any change of a rule changes the version', () => {
    const original = loadPolicy(
      policyWith((text) => text),
      local,
    ).version;
    const changed = loadPolicy(
      policyWith((text) => text.replace('"gapSeconds": 45', '"gapSeconds": 44')),
      local,
    ).version;
    expect(changed).not.toBe(original);
  });

  test('a folder in place of a file is refused', () => {
    mkdirSync(path.join(folder, 'policy.json'));
    expect(codesOf(() => loadPolicy(path.join(folder, 'policy.json'), local))).toEqual(['file_unreadable']);
  });
});
