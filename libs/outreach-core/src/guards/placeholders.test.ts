// Risk: a template's inside reaches a reader, or plain words are taken for it.
import { describe, expect, test } from '@jest/globals';
import { placeholdersIn } from './placeholders.ts';

describe('unrendered', () => {
  test.each([
    ['Hi {{ first_name }},', 'template braces'],
    ['Hi {first_name},', 'template braces'],
    ['Hi ${name},', 'template braces'],
    ['At {}.', 'template braces'],
    ['<%= company %>', 'a template tag'],
    ['Hi %%name%%,', 'a percent placeholder'],
    ['Hi %FIRSTNAME%,', 'a percent placeholder'],
    ['Hi %s, well', 'a percent placeholder'],
    ['Hi %(name)s,', 'a percent placeholder'],
    ['Hi *|FNAME|*,', 'a merge tag'],
    ['Hi $FIRST_NAME,', 'a merge tag'],
    ['Hi __NAME__,', 'a merge tag'],
    ['Hi [First Name],', 'a bracketed placeholder'],
    ["Tools: ['ATS', 'CRM']", 'a bracketed placeholder'],
    ['Hi <first name>,', 'an angle placeholder'],
    ['[object Object]', 'a data literal'],
    ["It is 'name': 'Fenn' there", 'a data literal'],
    ['Your team at undefined works', 'a missing value'],
    ['Null has grown', 'a missing value'],
    ['N/A in town', 'a missing value'],
    ['about NaN people', 'a missing value'],
    ['The people at None grow', 'a missing value'],
    ['Price: TBD', 'a missing value'],
    ['Reference their tech stack', 'an instruction to the author'],
    ['Well. Mention their new office.', 'an instruction to the author'],
    ['Lorem ipsum dolor', 'filler text'],
    ['at , and on', 'a word missing before a mark'],
    ['Teams at .', 'a word missing before a mark'],
    ["I like 's team", 'a word missing before "\'s"'],
    ['growth at  today', 'a word missing'],
    ['Hi ,\n\nA text', 'an unnamed greeting'],
    ['Hi\n\nA text', 'an unnamed greeting'],
  ])('%j is %s', (text, kind) => {
    expect(placeholdersIn(text, [])).toContainEqual(
      expect.stringMatching(`^${kind.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')} `),
    );
  });
});

describe('rendered', () => {
  test.each([
    'None of this is permanent, and nobody is undefinable.',
    'The nullification of a contract, 50% of the time; 20% more.',
    'We include their notes and mention the company where it matters.',
    'A cost of $40 or US$40, give or take [24].',
    'See https://harborpine.example/a%20b?x={y}&z=%%1 for more.',
    'Hi there, what are you looking for?',
    "It's the owners' call, not the tool's.",
    'Less < more, and x > y.',
    'Nan, Mandy and Xavier XX agree.',
  ])('%s', (text) => {
    expect(placeholdersIn(text, [])).toEqual([]);
  });

  test('the words of a real name are no missing values, its braces are none of a name', () => {
    expect(placeholdersIn('The desk at Null Labs', ['Null Labs'])).toEqual([]);
    expect(placeholdersIn('The desk at Null', ['Null'])).toHaveLength(1);
    expect(placeholdersIn('The desk at {{ company }} Ltd', ['{{ company }} Ltd'])).toHaveLength(1);
  });
});
