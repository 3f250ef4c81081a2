// Risk: a statement that needs proof passes as prose, or honest prose is treated as a statement.
import { describe, expect, test } from '@jest/globals';
import { assertedText, assertionsIn } from './assertions.ts';

const found = (text: string) =>
  assertionsIn(assertedText(text)).map(({ kind, text: span }) => `${kind}: ${span}`);

describe('needs proof', () => {
  test.each([
    ['It saves 40 hours.', 'number: 40'],
    ['It costs $1,200.50 less.', 'number: $1,200.50'],
    ['Up to 5x faster.', 'number: 5x'],
    ['An 80/20 split.', 'number: 80'],
    ['Worth 12.5 million.', 'number: 12.5 million'],
    ['٤٠ more.', 'number: ٤٠'],
    ['Saves twenty-one hours.', 'number: twenty-one hours'],
    ['A four-person team did it.', 'number: four-person team'],
    ['Saves a hundred hours.', 'number: a hundred hours'],
    ['Trusted by thousands.', 'number: thousands'],
    ['Over a decade of it.', 'number: Over a decade'],
    ['We have years of experience.', 'number: years of experience'],
    ['It cuts the work in half.', 'number: in half'],
    ['A third of your week.', 'number: A third of your'],
    ['Margins doubled.', 'number: doubled'],
    ['A tenfold return.', 'number: tenfold'],
    ['We are the best advisory.', 'superlative: the best'],
    ['The fastest way.', 'superlative: The fastest'],
    ['An award-winning team.', 'superlative: award-winning'],
    ['Our AI never makes mistakes.', 'superlative: never makes mistakes'],
    ['The only firm that does.', 'superlative: The only firm'],
    ['A proven approach.', 'superlative: proven'],
    ['We helped firms like this.', 'result: We helped'],
    ['Our delivery team recently cut costs.', 'result: Our delivery team recently cut'],
    ['Most of our clients renew.', 'result: Most of our clients'],
    ['It will save you money.', 'result: will save you'],
    ["You'll free up the desk.", "result: You'll free up"],
    ['It will transform the desk.', 'result: will transform'],
    ['Clients like Northgate agree.', 'name: Northgate'],
    ['We worked with IBX last year.', 'name: IBX'],
    ['I saw your talk.', 'person: I saw your'],
    ['Your latest funding round.', 'person: Your latest funding round'],
    ['Congratulations on that.', 'person: Congratulations'],
    ['Since you use OpenDesk, it is easy.', 'person: Since you use'],
    ['After your Series B, hiring starts.', 'person: your Series B'],
    ['I see you are hiring.', 'person: you are hiring'],
  ])('%s', (text, assertion) => {
    expect(found(text)).toContain(assertion);
  });
});

describe('needs none', () => {
  test.each([
    'Would a 15-minute call on Thursday at 3pm suit you?',
    'Could you spare 20 minutes?',
    'Is Q3 a good time, or early 2027?',
    'We work with B2B teams, 24/7, and with 3PL desks and GPT-4.',
    'In the next two weeks?',
    'Is this the best time, or the best person to ask?',
    'All the best,',
    'Half the battle is the first half of the year.',
    'One desk, one week, nothing installed.',
    'Whether you are hiring or not.',
    'See https://harborpine.example/2026/40-hours or write to desk24@harborpine.example.',
    '1. Measure.\n2. Decide.',
    'The first step is the easiest to undo.',
    'First thing on Monday, a second look, a third opinion.',
    'We will look at it together.',
    'The people who work with you decide.',
    'We work with HVAC companies and CEOs; some work with Salesforce.',
  ])('%s', (text) => {
    expect(found(text)).toEqual([]);
  });
});

test('positions are those of the folded text, so a claim can be laid over them', () => {
  const text = assertedText('Before  that,\nwe saved 40\u00a0% twice as fast.');
  for (const { start, end, text: span } of assertionsIn(text)) expect(text.slice(start, end)).toBe(span);
});
