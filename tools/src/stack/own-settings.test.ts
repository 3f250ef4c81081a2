// Risk: a setting somebody typed before npm start is ignored in silence, most of all a stop.
import { describe, expect, test } from '@jest/globals';
import { deliveryModeOf, emergencyStopOf } from './own-settings.ts';

describe('DELIVERY_MODE_EMAIL of a laptop', () => {
  test.each([
    [undefined, 'sandbox'],
    ['', 'sandbox'],
    ['sandbox', 'sandbox'],
    [' log-only ', 'log-only'],
  ])('%p is %s', (value, mode) => {
    expect(deliveryModeOf({ DELIVERY_MODE_EMAIL: value })).toBe(mode);
  });

  test.each(['live', 'allow-list', 'logonly'])('%s is refused in a sentence', (value) => {
    expect(() => deliveryModeOf({ DELIVERY_MODE_EMAIL: value })).toThrow(
      `DELIVERY_MODE_EMAIL is "${value}", and nothing leaves this machine`,
    );
  });
});

test('EMERGENCY_STOP goes to the gatekeeper as it is, or not at all', () => {
  expect(emergencyStopOf({ EMERGENCY_STOP: 'yes' })).toEqual({ gatekeeper: { EMERGENCY_STOP: 'yes' } });
  expect(emergencyStopOf({ EMERGENCY_STOP: ' ' })).toEqual({});
  expect(emergencyStopOf({})).toEqual({});
});
