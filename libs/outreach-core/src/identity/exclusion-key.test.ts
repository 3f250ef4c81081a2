// Risk: an exclusion somebody typed is stored under a key that no lead is asked for, so a customer gets mail.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { exclusionKeySchema } from '@caio/contracts';
import { emailKeyOf, exclusionKeysOf, normaliseExclusionKey } from '../index.ts';

const exclusionOf = (text: string): string => {
  const result = normaliseExclusionKey(text);
  return result.ok ? result.key : `refused: ${result.reason}`;
};

const label = fc
  .stringMatching(/^[a-z0-9](?:[a-z0-9-]{0,8}[a-z0-9])?$/)
  .filter((text) => !text.includes('--'));
const localPart = fc.stringMatching(/^[a-z0-9_](?:[a-z0-9_+-]|\.[a-z0-9_]){0,12}$/);
const domain = fc.array(label, { minLength: 1, maxLength: 3 }).map((labels) => `${labels.join('.')}.example`);
const padding = fc.constantFrom('', ' ', '\t', '\r\n', '\u00a0', '  ');

describe('an exclusion as people type it', () => {
  test.each([
    ['acme.example', 'domain:acme.example'],
    [' ACME.Example ', 'domain:acme.example'],
    ['*.acme.example', 'domain:acme.example'],
    ['.acme.example', 'domain:acme.example'],
    ['@acme.example', 'domain:acme.example'],
    ['*@acme.example', 'domain:acme.example'],
    ['www.acme.example', 'domain:acme.example'],
    ['https://www.acme.example/x?y=1', 'domain:acme.example'],
    ['acme.example/about', 'domain:acme.example'],
    ['http://acme.example:8443', 'domain:acme.example'],
    ['eu.acme.example', 'domain:eu.acme.example'],
    ['bücher.example', 'domain:xn--bcher-kva.example'],
    ['domain:*.acme.example', 'domain:acme.example'],
    ['Ada@Acme.Example', 'email:ada@acme.example'],
    ['mailto:ada@acme.example', 'email:ada@acme.example'],
    ['email:ada@acme.example', 'email:ada@acme.example'],
    ['https://uk.linkedin.com/in/Ada-Byrne/', 'linkedin:ada-byrne'],
    ['www.linkedin.com/in/ada-byrne', 'linkedin:ada-byrne'],
    ['linkedin:Ada-Byrne', 'linkedin:ada-byrne'],
    ['linkedin.com', 'domain:linkedin.com'],
  ])('%j means %s', (typed, key) => {
    expect(exclusionOf(typed)).toBe(key);
  });

  test.each([
    ['', 'nothing'],
    ['acme', 'not a domain'],
    ['com', 'not a domain'],
    ['co.uk', 'public suffix'],
    ['a.example, b.example', 'one exclusion at a time'],
    ['a*@acme.example', 'pattern'],
    ['https://www.linkedin.com/company/acme', 'personal LinkedIn profile'],
    ['linkedin:', 'personal LinkedIn profile'],
    ['192.0.2.1', 'not a domain'],
    ['a@@acme.example', 'more than one @'],
  ])('%j is refused: %s', (typed, reason) => {
    expect(exclusionOf(typed)).toContain('refused');
    expect(exclusionOf(typed)).toContain(reason);
  });

  test('normalising a key again, or in another case and padding, gives the same key', () => {
    const typed = fc.oneof(
      domain,
      domain.map((host) => `*.${host}`),
      fc.tuple(localPart, domain).map(([local, host]) => `${local}@${host}`),
      label.map((slug) => `https://www.linkedin.com/in/${slug}`),
      fc.string({ unit: 'grapheme', maxLength: 30 }),
    );
    fc.assert(
      fc.property(typed, padding, padding, (text, before, after) => {
        const once = normaliseExclusionKey(text);
        if (!once.ok) return;
        expect(exclusionKeySchema.safeParse(once.key).success).toBe(true);
        expect(normaliseExclusionKey(once.key)).toEqual(once);
        expect(normaliseExclusionKey(`${before}${text}${after}`)).toEqual(once);
        expect(normaliseExclusionKey(text.replace(/[a-z]/g, (char) => char.toUpperCase()))).toEqual(once);
      }),
    );
  });

  test('an exclusion of a domain meets everyone at it and below it', () => {
    fc.assert(
      fc.property(domain, label, localPart, (host, sub, local) => {
        const exclusion = exclusionOf(host);
        const below = { email: `${local}@${sub}.${host}`, linkedinUrl: null, companyDomain: null };
        if (emailKeyOf(below.email).ok && !host.startsWith('www.'))
          expect(exclusionKeysOf(below)).toContain(exclusion);
      }),
    );
  });
});
