import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import helmet, { type HelmetOptions } from 'helmet';
import type { RequestHandler } from 'express';
import type { DoorSettings } from './door-settings.ts';

/** What a browser may do with anything that comes through the door. Pages of ours are their files and nothing inline. */
export const securityHeadersOf = ({ isLocal }: Pick<DoorSettings, 'isLocal'>): HelmetOptions => ({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'self'"],
      scriptSrc: ["'self'"],
      scriptSrcAttr: ["'none'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", 'data:'],
      fontSrc: ["'self'"],
      connectSrc: ["'self'"],
      objectSrc: ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
      ...(isLocal ? {} : { upgradeInsecureRequests: [] }),
    },
  },
  // With no-referrer a browser would also hide where a form was sent from, and that is asked at the login.
  referrerPolicy: { policy: 'same-origin' },
  strictTransportSecurity: isLocal ? false : { maxAge: 31_536_000, includeSubDomains: true },
  xFrameOptions: { action: 'deny' },
});

const nothingAllowed = [
  ...[
    'accelerometer',
    'autoplay',
    'camera',
    'display-capture',
    'encrypted-media',
    'fullscreen',
    'geolocation',
  ],
  ...['gyroscope', 'magnetometer', 'microphone', 'midi', 'payment', 'usb', 'xr-spatial-tracking'],
]
  .map((feature) => `${feature}=()`)
  .join(', ');

const browserFeatures = 'Permissions-Policy';

/** The one header that helmet does not know. */
export const refuseBrowserFeatures: RequestHandler = (_req, res, next) => {
  res.setHeader(browserFeatures, nothingAllowed);
  next();
};

/** All of these headers, which are the same on every answer: asked of helmet once, because its fourteen steps cost. */
export const securityHeaderList = (settings: Pick<DoorSettings, 'isLocal'>): [string, string][] => {
  const res = new ServerResponse(new IncomingMessage(new Socket()));
  helmet(securityHeadersOf(settings))(res.req, res, (problem) => {
    if (problem !== undefined) throw new Error('helmet refused its settings', { cause: problem });
  });
  return [
    ...Object.entries(res.getHeaders()).map(([name, value]): [string, string] => [name, String(value)]),
    [browserFeatures, nothingAllowed],
  ];
};
