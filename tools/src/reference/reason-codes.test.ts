// Risk: a person meets a code that no page explains, or the page explains one that nothing says any more.
import {
  activationReasons,
  admissionReasons,
  fileRefusals,
  intakeReasons,
  judgementReasons,
  leftOutReasons,
  refusedReasons,
  releasedReasons,
  rowReasons,
  settledReasons,
  takeBackReasons,
  unknownReasons,
} from '@caio/contracts';
import { guardRules } from '@caio/outreach-core';
import { expect, test } from '@jest/globals';
import { describeReasonCodes } from './reason-codes-page.ts';
import { emittedCodes } from './testing/outcome-sources.ts';

const sorted = (codes: Iterable<string>): string[] => [...new Set(codes)].sort();

test.each([
  ['the whole file', emittedCodes.file, fileRefusals],
  ['a row', emittedCodes.row, rowReasons],
  ['the intake', emittedCodes.intake, intakeReasons],
  ['a freeze', emittedCodes.leftOut, leftOutReasons],
] as const)('every code of %s is explained, and no other', (_, emitted, table) => {
  expect(sorted(emitted())).toEqual(sorted(Object.keys(table)));
});

test('every code of a send is explained, and no other', () => {
  const tables = [
    ...[refusedReasons, releasedReasons, unknownReasons, settledReasons],
    ...[takeBackReasons, activationReasons],
  ];
  const explained = tables.flatMap((table) => Object.keys(table));
  const alsoAdmission = new Set(Object.keys(admissionReasons));
  expect(sorted(emittedCodes.dispatch().filter((code) => !alsoAdmission.has(code)))).toEqual(
    sorted(explained),
  );
});

test('the page names every code of the judgement, of the guards and of the tables', () => {
  const page = describeReasonCodes();
  const tables = [admissionReasons, fileRefusals, intakeReasons, leftOutReasons, unknownReasons];
  const codes = [
    ...guardRules.map(({ id }) => id),
    ...judgementReasons.map(({ code }) => code),
    ...tables.flatMap((table) => Object.keys(table)),
  ];
  expect(codes.filter((code) => !page.includes(`\`${code}`))).toEqual([]);
});
