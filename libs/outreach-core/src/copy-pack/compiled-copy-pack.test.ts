// Risk: a pack that names what does not exist, or reaches further than text, is taken into service.
import { describe, expect, test } from '@jest/globals';
import type { CopyPack } from '@caio/contracts';
import { companyPackData } from '../testing/company-packs.ts';
import { compileCopyPack } from './compiled-copy-pack.ts';
import { copyPackBytes } from './copy-pack-bytes.ts';

const data = companyPackData('harbor-pine');
const version = 'harbor-pine@1+0123456789ab';

const codesOf = (pack: CopyPack, environment = 'test'): readonly string[] => {
  const outcome = compileCopyPack({ pack, version, environment });
  return outcome.ok ? [] : outcome.problems.map(({ code, path }) => `${code} ${path}`);
};
const withBody = (body: string): CopyPack => ({
  ...data,
  templates: data.templates.map((template, index) => (index === 0 ? { ...template, body } : template)),
});
const claim = '{{ claims.agency-reporting }}';

describe('what a template may do', () => {
  test.each([
    ['read a file', `${claim}{% include 'pack.json' %}`, 'template_invalid'],
    ['render a file', `${claim}{% render 'pack.json' %}`, 'template_invalid'],
    ['take a layout', `${claim}{% layout 'pack.json' %}`, 'template_invalid'],
    ['loop', `${claim}{% for i in (1..1000000000) %}x{% endfor %}`, 'template_invalid'],
    ['print Liquid', `${claim}{% raw %}{{ x }}{% endraw %}`, 'template_invalid'],
    ['ask the clock', `${claim}{{ 'now' | date: '%Y' }}`, 'template_invalid'],
    ['use an unknown filter', `${claim}{{ lead.company | shout }}`, 'template_invalid'],
    ['stay open', `${claim}{{ lead.company`, 'template_invalid'],
    ['name an unknown field', `${claim}{{ lead.salary }}`, 'unknown_variable'],
    ['print a whole lead', `${claim}{{ lead }}`, 'unknown_variable'],
    ['make an undeclared claim', `${claim}{{ claims.phase-terms }}`, 'unknown_variable'],
    ['use undeclared evidence', `${claim}{{ evidence.hiring.text }}`, 'unknown_variable'],
    ['declare a claim it does not make', 'Hi {{ lead.first_name }},', 'unused_claim'],
  ])('it may not %s', (_, body, code) => {
    expect(codesOf(withBody(body))).toEqual([expect.stringMatching(new RegExp(`^${code} templates\\[0\\]`))]);
  });

  test('it may branch on what a lead may lack', () => {
    const body = `${claim}{% if lead.city %}in {{ lead.city }}{% else %}{{ lead.country | default: 'here' }}{% endif %}`;
    expect(codesOf(withBody(body))).toEqual([]);
  });
});

describe('what a pack has to be', () => {
  const [first, second] = data.senders;
  test.each([
    [
      'no default sender',
      { senders: data.senders.map((sender) => ({ ...sender, default: false })) },
      'default_sender senders',
    ],
    [
      'two default senders',
      { senders: data.senders.map((sender) => ({ ...sender, default: true })) },
      'default_sender senders',
    ],
    [
      'one mailbox twice',
      { senders: [first, { ...second, email: 'ROWAN@harborpine.example' }] },
      'duplicate_id senders',
    ],
    ['one template twice', { templates: [...data.templates, data.templates[0]] }, 'duplicate_id templates'],
    ['a claim nobody approved', { claims: data.claims.slice(1) }, 'unknown_reference templates[0].claims'],
    [
      'an unknown industry',
      { industries: data.industries.slice(1) },
      'unknown_reference templates[0].industries',
    ],
    [
      'an unknown audience',
      { audiences: data.audiences.slice(1) },
      'unknown_reference templates[0].audiences',
    ],
    ['a footer that asks for the lead', { footer: '{{ lead.company }}' }, 'unknown_variable footer'],
  ])('%s is refused', (_, change, problem) => {
    expect(codesOf({ ...data, ...change } as CopyPack)).toContain(problem);
  });

  test('example values are refused where mail is real, prose about an example is not', () => {
    const problems = codesOf(data, 'production');
    expect(problems).toContain('example_value senders[0].email');
    expect(problems.filter((problem) => problem.includes('templates'))).toEqual([]);
    expect(codesOf(withBody(`${claim} https://example.com/x`), 'staging')).toContain(
      'example_value templates[0].body',
    );
  });

  test('its bytes follow the content, not the order of keys', () => {
    const reversed = Object.fromEntries(Object.entries(data).reverse()) as CopyPack;
    expect(copyPackBytes(reversed)).toBe(copyPackBytes(data));
    expect(copyPackBytes({ ...data, revision: 2 })).not.toBe(copyPackBytes(data));
  });
});
