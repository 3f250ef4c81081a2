import { choiceField, secretField, textField, urlField } from '@caio/service-kit';
import { z } from 'zod';
import type { CustomerSource } from './customer-source.ts';
import { createGhlCustomers } from './ghl-customers.ts';

/** What the gatekeeper reads from its environment about the CRM that says who the customers are. */
export const customerVariables = z.object({
  CUSTOMER_SOURCE: choiceField(['none', 'ghl'], 'none'),
  CUSTOMER_SOURCE_URL: urlField({
    fix: 'Set the address of the API of the CRM, e.g. https://crm.example.com.',
  }).optional(),
  CUSTOMER_SOURCE_KEY: secretField({
    lengthMin: 8,
    fix: 'Set the key of the CRM; it needs to read contacts and nothing else.',
  }).optional(),
  CUSTOMER_SOURCE_LOCATION: textField({
    fix: 'Set the location of the CRM that holds the customers.',
  }).optional(),
  CUSTOMER_SOURCE_TAG: textField({ fix: 'Set the tag that every customer carries in the CRM.' }).default(
    'customer',
  ),
});

type CustomerConfig = Readonly<z.output<typeof customerVariables>>;

/** Half a CRM is none: it is refused at boot, not found out by a list that stays empty. */
export const customerProblems = (config: CustomerConfig): string[] =>
  config.CUSTOMER_SOURCE === 'none'
    ? []
    : (['CUSTOMER_SOURCE_URL', 'CUSTOMER_SOURCE_KEY', 'CUSTOMER_SOURCE_LOCATION'] as const).flatMap((name) =>
        config[name] === undefined
          ? [`CUSTOMER_SOURCE asks for ${config.CUSTOMER_SOURCE}, which needs ${name}. Set it, or set none.`]
          : [],
      );

/** The CRM that the configuration names; null for none. */
export const openCustomerSource = (
  config: CustomerConfig,
  options: { readonly timeoutMs: number; readonly monotonicMs: () => number },
): CustomerSource | null => {
  const { CUSTOMER_SOURCE_URL: url, CUSTOMER_SOURCE_KEY: apiKey } = config;
  const { CUSTOMER_SOURCE_LOCATION: locationId, CUSTOMER_SOURCE_TAG: tag } = config;
  if (
    config.CUSTOMER_SOURCE === 'none' ||
    url === undefined ||
    apiKey === undefined ||
    locationId === undefined
  )
    return null;
  return createGhlCustomers({ url, apiKey, locationId, tag, ...options });
};
