// Risk: two spellings of one person, or one spelling of two, defeat suppression, exclusion and the send-once record.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { personKeySchema } from '@caio/contracts';
import {
  domainWithParents,
  emailKeyOf,
  exclusionKeysOf,
  identityKeysOf,
  isDisposable,
  isFreeMail,
  isRoleMailbox,
  linkedinKeyOf,
  linkedinUrlOf,
  normaliseDomain,
  registrableDomainOf,
  suppressionKeysOf,
} from '../index.ts';

const keyOf = (raw: string): string => {
  const result = emailKeyOf(raw);
  return result.ok ? result.personKey : `refused: ${result.reason}`;
};

const label = fc
  .stringMatching(/^[a-z0-9](?:[a-z0-9-]{0,8}[a-z0-9])?$/)
  .filter((text) => !text.includes('--'));
const localPart = fc.stringMatching(/^[a-z0-9_](?:[a-z0-9_+-]|\.[a-z0-9_]){0,12}$/);
const domain = fc.array(label, { minLength: 1, maxLength: 3 }).map((labels) => `${labels.join('.')}.example`);
const padding = fc.constantFrom('', ' ', '\t', '\r\n', '\u00a0', '  ');
const anyCase = (text: string): fc.Arbitrary<string> =>
  fc
    .array(fc.boolean(), { minLength: text.length, maxLength: text.length })
    .map((upper) => [...text].map((char, at) => (upper[at] === true ? char.toUpperCase() : char)).join(''));

describe('an e-mail address', () => {
  test('is one person whatever its case, padding and domain script', () => {
    expect(keyOf(' Ada.Byrne@Brightwater.Example\n')).toBe('email:ada.byrne@brightwater.example');
    expect(keyOf('ada@Bücher.example')).toBe('email:ada@xn--bcher-kva.example');
    expect(keyOf('ada@xn--bcher-kva.example')).toBe('email:ada@xn--bcher-kva.example');
    expect(keyOf('ada@brightwater.example.')).toBe('email:ada@brightwater.example');
    expect(keyOf("pat.o'neil@brightwater.example")).toBe("email:pat.o'neil@brightwater.example");
  });

  test('keeps dots, underscores and plus-tags as identity', () => {
    const keys = ['a.b@x.example', 'a_b@x.example', 'ab@x.example', 'a.b+one@x.example', 'a.b+two@x.example'];
    expect(new Set(keys.map(keyOf)).size).toBe(keys.length);
  });

  test.each([
    ['', 'empty'],
    ['   ', 'empty'],
    ['jane', 'no @'],
    ['@x.example', 'nothing before'],
    ['a@b@x.example', 'more than one @'],
    ['.a@x.example', 'not a mailbox name'],
    ['a.@x.example', 'not a mailbox name'],
    ['a..b@x.example', 'not a mailbox name'],
    ['/a@x.example', 'not a mailbox name'],
    ['=1+1@x.example', 'not a mailbox name'],
    ['+tag@x.example', 'not a mailbox name'],
    ['user%relay.example@x.example', 'not a mailbox name'],
    ['"a b"@x.example', 'space'],
    ['"ab"@x.example', 'not a mailbox name'],
    ['a b@x.example', 'space'],
    ['a@x.example, b@x.example', 'space'],
    ['a\u0000@x.example', 'control'],
    ['a\u200b@x.example', 'control'],
    ['a@x\r\nBcc:b@y.example', 'control'],
    ['jürgen@x.example', 'ASCII'],
    ['a@x', 'top level'],
    ['a@', 'top level'],
    ['a@x.', 'top level'],
    ['a@.example', 'top level'],
    ['a@x..example', 'top level'],
    ['a@-x.example', 'top level'],
    ['a@x_y.example', 'top level'],
    ['a@[192.0.2.1]', 'top level'],
    ['a@192.0.2.1', 'top level'],
    ['a@x.c', 'top level'],
    [`${'a'.repeat(65)}@x.example`, 'over 64'],
    [`a@${'x'.repeat(64)}.example`, 'top level'],
    [`${'a'.repeat(60)}@${`${'x'.repeat(48)}.`.repeat(4)}example`, 'over 254'],
  ])('%j is refused: %s', (raw, reason) => {
    expect(keyOf(raw)).toContain('refused');
    expect(keyOf(raw)).toContain(reason);
  });

  test('a canonical address is its own canonical form and fits the contract', () => {
    fc.assert(
      fc.property(localPart, domain, padding, padding, (local, host, before, after) => {
        const result = emailKeyOf(`${before}${local}@${host}${after}`);
        if (!result.ok) return;
        expect(emailKeyOf(result.address)).toEqual(result);
        expect(personKeySchema.safeParse(result.personKey).success).toBe(true);
        expect(result.address).toBe(`${local}@${host}`);
      }),
    );
  });

  test('case never makes a second person', () => {
    const address = fc.tuple(localPart, domain).map(([local, host]) => `${local}@${host}`);
    fc.assert(
      fc.property(
        address.chain((text) => fc.tuple(fc.constant(text), anyCase(text))),
        ([lower, mixed]) => expect(keyOf(mixed)).toBe(keyOf(lower)),
      ),
    );
  });

  test('no text makes it throw or yields a key with white space', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        const result = emailKeyOf(text);
        if (result.ok) expect(result.personKey).toMatch(/^email:[\x21-\x7e]+$/);
      }),
    );
  });
});

describe('a LinkedIn profile', () => {
  test.each([
    'https://www.linkedin.com/in/zoe-m%C3%BCller-12ab',
    'http://uk.linkedin.com/in/zoe-müller-12ab/',
    'linkedin.com/in/Zoe-M%c3%9cller-12AB?trk=people',
    'https://de.linkedin.com/in/zoe-m%25C3%25BCller-12ab/en#top',
    '  //m.linkedin.com/mwlite/in/zoe-mu\u0308ller-12ab/details/experience ',
    'https://WWW.LinkedIn.com:443//in/zoe-müller-12ab',
  ])('%s is one person', (url) => {
    expect(linkedinKeyOf(url)).toBe('linkedin:zoe-müller-12ab');
  });

  test.each([
    '',
    'zoe-muller',
    'https://www.linkedin.com/company/brightwater',
    'https://www.linkedin.com/school/brightwater/in/x',
    'https://www.linkedin.com/sales/lead/ACwAAA,NAME',
    'https://www.linkedin.com/in/',
    'https://www.linkedin.com/in/?x=1',
    'https://www.linkedin.com/in/a%2Fb',
    'https://www.linkedin.com/in/%E0%A4%A',
    'https://www.linkedin.com/in/a%20b',
    'https://linkedin.com.attacker.example/in/zoe',
    'https://www.linkedin.com@attacker.example/in/zoe',
    'https://attacker.example\\@linkedin.com/in/zoe',
    'https://notlinkedin.com/in/zoe',
    'https://attacker.example/?u=https://linkedin.com/in/zoe',
    'javascript://linkedin.com/in/zoe',
    `https://www.linkedin.com/in/${'x'.repeat(101)}`,
  ])('%j is nobody', (url) => {
    expect(linkedinKeyOf(url)).toBeNull();
  });

  test('the canonical address of a key leads back to the key', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }), (slug) => {
        const key = linkedinKeyOf(`https://www.linkedin.com/in/${slug}`);
        if (key === null) return;
        expect(linkedinKeyOf(linkedinUrlOf(key))).toBe(key);
        expect(personKeySchema.safeParse(key).success).toBe(true);
        expect(linkedinUrlOf(key).length).toBeLessThanOrEqual(500);
      }),
    );
  });
});

describe('domains', () => {
  test('the registrable domain is one label below the public suffix', () => {
    expect(registrableDomainOf('mail.EU.acme.example')).toBe('acme.example');
    expect(registrableDomainOf('a.acme.co.uk')).toBe('acme.co.uk');
    expect(registrableDomainOf('shop.bücher.example')).toBe('xn--bcher-kva.example');
    expect(registrableDomainOf('one.github.io')).toBe('one.github.io');
    expect(registrableDomainOf('co.uk')).toBeNull();
    expect(registrableDomainOf('example')).toBeNull();
    expect(registrableDomainOf('192.0.2.1')).toBeNull();
  });

  test('parents end at the registered name, past hosting platforms', () => {
    expect(domainWithParents('a.b.acme.example')).toEqual([
      'a.b.acme.example',
      'b.acme.example',
      'acme.example',
    ]);
    expect(domainWithParents('x.one.github.io')).toEqual(['x.one.github.io', 'one.github.io', 'github.io']);
    expect(domainWithParents('co.uk')).toEqual([]);
  });

  test('normalising twice changes nothing', () => {
    fc.assert(
      fc.property(fc.oneof(domain, fc.domain(), fc.string({ unit: 'grapheme', maxLength: 30 })), (text) => {
        const once = normaliseDomain(text);
        if (once !== null) expect(normaliseDomain(once)).toBe(once);
      }),
    );
  });
});

describe('the keys of a person', () => {
  const person = {
    email: 'Ada+News@mail.eu.acme.example',
    linkedinUrl: 'https://uk.linkedin.com/in/Ada-Byrne/',
    companyDomain: 'www.acme-group.example',
  };

  test('suppression folds the plus-tag, identity does not', () => {
    expect(identityKeysOf(person)).toEqual(['email:ada+news@mail.eu.acme.example', 'linkedin:ada-byrne']);
    expect(suppressionKeysOf(person)).toEqual([
      'email:ada+news@mail.eu.acme.example',
      'linkedin:ada-byrne',
      'email:ada@mail.eu.acme.example',
    ]);
  });

  test('an opt-out of any tag of a mailbox meets every other tag of it', () => {
    fc.assert(
      fc.property(label, label, label, domain, (name, one, two, host) => {
        const optedOut = suppressionKeysOf({ email: `${name}+${one}@${host}`, linkedinUrl: null });
        const next = suppressionKeysOf({ email: `${name}+${two}@${host}`, linkedinUrl: null });
        expect(next.some((key) => optedOut.includes(key))).toBe(true);
      }),
    );
  });

  test('an opt-out of one spelling of a mailbox at Gmail meets every other, and nobody at another host', () => {
    const keysOf = (email: string) => suppressionKeysOf({ email, linkedinUrl: null });
    const spellings = ['ada.byrne@gmail.com', 'adabyrne@gmail.com', 'a.d.a.byrne+x@googlemail.com'];
    for (const one of spellings) {
      for (const other of spellings)
        expect(keysOf(other).some((key) => keysOf(one).includes(key))).toBe(true);
    }
    expect(keysOf('ada.byrne@gmail.example')).toEqual(['email:ada.byrne@gmail.example']);
    expect(identityKeysOf({ email: 'ada.byrne@gmail.com', linkedinUrl: null })).toEqual([
      'email:ada.byrne@gmail.com',
    ]);
  });

  test('exclusions are asked for the person and both domains with their parents', () => {
    expect(exclusionKeysOf(person)).toEqual([
      'email:ada+news@mail.eu.acme.example',
      'linkedin:ada-byrne',
      'email:ada@mail.eu.acme.example',
      'domain:mail.eu.acme.example',
      'domain:eu.acme.example',
      'domain:acme.example',
      'domain:www.acme-group.example',
      'domain:acme-group.example',
    ]);
    expect(exclusionKeysOf({ email: 'broken', linkedinUrl: null, companyDomain: 'not a domain' })).toEqual(
      [],
    );
  });
});

describe('kinds of mailboxes', () => {
  test('free mail and throw-away hosts are recognised with their sub-domains', () => {
    expect(
      ['gmail.com', 'GMAIL.com', 'yahoo.co.uk', 'freemail.example', 'eu.gmail.com'].map(isFreeMail),
    ).toEqual(Array(5).fill(true));
    expect(isFreeMail('notgmail.com')).toBe(false);
    expect(isFreeMail('acme.example')).toBe(false);
    expect(isDisposable('mailinator.com')).toBe(true);
    expect(isDisposable('x.yopmail.com')).toBe(true);
    expect(isDisposable('acme.example')).toBe(false);
  });

  test('role mailboxes are recognised through separators, tags and case, initials are people', () => {
    for (const role of ['info', 'No-Reply', 'no.reply', 'SALES+fair', 'contact_us', 'hr', 'team'])
      expect([role, isRoleMailbox(role)]).toEqual([role, true]);
    for (const name of ['ada', 'j.obs', 's.ales', 'info.byrne', 'salesh', 'h.r'])
      expect([name, isRoleMailbox(name)]).toEqual([name, false]);
  });
});
