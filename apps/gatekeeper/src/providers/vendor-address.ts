import type { DeliveryMode } from '@caio/contracts';

/**
 * Throws when a mode and an address contradict each other: nothing sandboxed may reach the vendor, and nothing real
 * may go anywhere but to the vendor, over TLS.
 */
export function assertVendorAddress(options: {
  readonly mode: DeliveryMode;
  readonly baseUrl: string;
  readonly vendorOrigin: string;
}): void {
  const { mode, baseUrl, vendorOrigin } = options;
  const { hostname } = new URL(vendorOrigin);
  if (mode === 'sandbox' && new URL(baseUrl).hostname === hostname) {
    throw new Error(
      `delivery mode sandbox must not use ${hostname}: set SANDBOX_URL to the provider simulator`,
    );
  }
  if (mode !== 'sandbox' && new URL(baseUrl).origin !== vendorOrigin) {
    throw new Error(`delivery mode ${mode} needs ${vendorOrigin} as its address`);
  }
}
