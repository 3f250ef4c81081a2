import type { ServiceAppOptions } from '@caio/service-kit';
import type { RequestHandler } from 'express';
import type { DoorSettings } from './door-settings.ts';

type SecurityHeaders = NonNullable<ServiceAppOptions['securityHeaders']>;

/** What a browser may do with anything that comes through the door. Pages of ours are their files and nothing inline. */
export const securityHeadersOf = ({ isLocal }: Pick<DoorSettings, 'isLocal'>): SecurityHeaders => ({
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

/** The one header that helmet does not know. */
export const refuseBrowserFeatures: RequestHandler = (_req, res, next) => {
  res.setHeader('Permissions-Policy', nothingAllowed);
  next();
};
