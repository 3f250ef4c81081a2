// Risk: a status, name, domain or identity read wrongly writes to the wrong person or loses a good lead.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { leadSchema } from '@caio/contracts';
import {
  leadColumns,
  readCompanyDomain,
  readEmailStatus,
  readLead,
  recogniseHeader,
  splitName,
} from '../index.ts';
import type { LeadReading } from '../index.ts';

describe('what the file says about an address', () => {
  test.each([
    ['Verified', undefined, 'verified'],
    ['valid', undefined, 'verified'],
    ['Verified', 'Not Catch-all', 'verified'],
    ['Verified', 'Catch-all', 'catch_all'],
    ['Catch-All', undefined, 'catch_all'],
    ['accept_all', undefined, 'catch_all'],
    ['Unverified', undefined, 'unverified'],
    ['Extrapolated', undefined, 'unverified'],
    ['unknown', undefined, 'unverified'],
    ['', undefined, 'unverified'],
    ['N/A', undefined, 'unverified'],
    ['do_not_mail', undefined, 'invalid'],
    ['Bounced', undefined, 'invalid'],
    [undefined, undefined, 'unknown'],
    [undefined, 'yes', 'catch_all'],
  ])('%j with catch-all column %j is %s', (status, catchAll, expected) => {
    expect(readEmailStatus(status, catchAll)).toEqual({ status: expected, reason: null });
  });

  test('a word nobody knows counts as unverified and says so', () => {
    expect(readEmailStatus('97%', undefined)).toMatchObject({
      status: 'unverified',
      reason: expect.any(String),
    });
  });
});

describe('names', () => {
  test.each([
    ['Ada Byrne', 'Ada', 'Byrne'],
    ['Dr. Ada van der Byrne, PhD, MBA', 'Ada', 'van der Byrne'],
    ['Byrne, Ada', 'Ada', 'Byrne'],
    ['Ada Byrne (she/her)', 'Ada', 'Byrne'],
    ['Ada Mary Byrne Jr.', 'Ada', 'Mary Byrne'],
    ['Bo Bo Ma', 'Bo', 'Bo Ma'],
    ['Ada', 'Ada', null],
    ['', null, null],
  ])('%j is %j %j', (full, firstName, lastName) => {
    expect(splitName(full)).toEqual({ firstName, lastName });
  });
});

test.each([
  ['https://www.acme.example/about?x=1', 'acme.example'],
  ['HTTP://Acme.example', 'acme.example'],
  ['acme.example', 'acme.example'],
  ['www.acme.example:8080', 'acme.example'],
  ['bücher.example', 'xn--bcher-kva.example'],
  ['https://www.linkedin.com/company/acme', 'page on another site'],
  ['acme', 'not a website'],
  ['see brochure', 'not a website'],
])('the company domain in %j: %s', (text, expected) => {
  const reading = readCompanyDomain(text);
  expect(reading.ok ? reading.domain : reading.reason).toContain(expected);
});

describe('rows', () => {
  const header = [
    'Email',
    'First Name',
    'Last Name',
    'Title',
    'Company',
    '# Employees',
    'Website',
    'LinkedIn',
  ];
  const read = (...cells: string[]): LeadReading => readLead(cells, recogniseHeader(header).mapping);

  test('a good row becomes a lead with canonical identity', () => {
    expect(
      read(
        ' Ada.B@Acme.Example ',
        'Ada',
        'Byrne',
        'CEO',
        'Acme',
        '51-200',
        'www.acme.example',
        'linkedin.com/in/AdaB/',
      ),
    ).toEqual({
      ok: true,
      problems: [],
      lead: {
        ...{ email: 'ada.b@acme.example', emailStatus: 'unknown', externalId: null },
        ...{ firstName: 'Ada', lastName: 'Byrne', fullName: 'Ada Byrne', title: 'CEO', company: 'Acme' },
        ...{
          companyDomain: 'acme.example',
          industry: null,
          employees: { min: 51, max: 200 },
          revenueUsd: null,
        },
        ...{ linkedinUrl: 'https://www.linkedin.com/in/adab', city: null, country: null },
      },
    });
  });

  test('an unreadable cell is listed and null, the lead stays', () => {
    const reading = read(
      'a@x.example',
      '',
      '',
      'null',
      'Acme',
      'Oct-50',
      'acme',
      'https://www.linkedin.com/company/x',
    );
    expect(reading).toMatchObject({
      ok: true,
      lead: { title: null, employees: null, companyDomain: null, linkedinUrl: null },
    });
    expect(reading.problems.map(({ column, value }) => [column, value])).toEqual([
      ['LinkedIn', 'https://www.linkedin.com/company/x'],
      ['Website', 'acme'],
      ['# Employees', 'Oct-50'],
    ]);
  });

  test('a profile without an address is readable; an invalid address or nobody at all is not', () => {
    const profile = 'https://www.linkedin.com/in/ada';
    expect(read('', '', '', '', '', '', '', profile)).toMatchObject({ ok: true, lead: { email: null } });
    expect(read('N/A', '', '', '', '', '', '', profile).ok).toBe(true);
    expect(read('email_not_unlocked@domain.example', '', '', '', '', '', '', profile)).toMatchObject({
      ok: true,
      lead: { email: null },
    });
    expect(read('ada@', '', '', '', '', '', '', profile)).toEqual({
      ok: false,
      email: null,
      problems: [
        { column: 'Email', value: 'ada@', reason: 'the part after the @ is not a domain with a top level' },
      ],
    });
    expect(read('', 'Ada', '', '', '', '', '', '').problems).toEqual([
      { column: 'Email', value: '', reason: 'the row has neither an e-mail address nor a LinkedIn profile' },
    ]);
    expect(read('', 'Ada', '', '', '', '', '', 'x').problems.map(({ column }) => column)).toEqual([
      'LinkedIn',
    ]);
  });

  test('a row of another width is bad, names the place and keeps its readable address', () => {
    expect(read('a@x.example', 'Ada')).toEqual({
      ok: false,
      email: 'a@x.example',
      problems: [{ column: 'Last Name', value: '', reason: 'the row has 2 columns, the header has 8' }],
    });
    expect(read('a@x.example', '', '', '', '', '', '', '', 'more').problems).toEqual([
      { column: 'column 9', value: 'more', reason: 'the row has 9 columns, the header has 8' },
    ]);
  });

  test('formulas stay text, hidden characters go, families called Null exist', () => {
    const reading = read(
      'a@x.example',
      'null',
      'Null',
      '=HYPERLINK("http://x")',
      'Ac\u202eme\u0000\n  Ltd',
      '',
      '',
      '',
    );
    expect(reading).toMatchObject({
      lead: {
        firstName: null,
        lastName: 'Null',
        title: '=HYPERLINK("http://x")',
        company: 'Acme Ltd',
      },
    });
  });

  test('over-long text is listed with an excerpt, not repeated whole', () => {
    const reading = read('a@x.example', '', '', 'x'.repeat(501), '', '', '', '');
    expect(reading).toMatchObject({ ok: true, lead: { title: null } });
    expect(reading.problems[0]?.value).toHaveLength(80);
  });

  test('whatever the cells hold, a good row fits the contract', () => {
    const cell = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.constantFrom('ada@acme.example', 'https://www.linkedin.com/in/ada', '51-200', '', 'x'.repeat(600)),
    );
    const all = recogniseHeader([...leadColumns]).mapping;
    fc.assert(
      fc.property(
        fc.array(cell, { minLength: leadColumns.length, maxLength: leadColumns.length }),
        (cells) => {
          const reading = readLead(cells, all);
          if (!reading.ok) expect(reading.problems.length).toBeGreaterThan(0);
          else expect(leadSchema.safeParse(reading.lead).error).toBeUndefined();
        },
      ),
    );
  });
});
