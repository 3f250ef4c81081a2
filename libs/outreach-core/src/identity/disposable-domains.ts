/** Hosts of mailboxes made to be thrown away. The first five are the predecessor's list. */
export const disposableDomains: readonly string[] = [
  ...['mailinator.com', 'guerrillamail.com', '10minutemail.com', 'yopmail.com', 'tempmail.com'],
  ...['guerrillamail.net', 'guerrillamail.org', 'sharklasers.com', 'grr.la', 'temp-mail.org', 'temp-mail.io'],
  ...['throwawaymail.com', 'trashmail.com', 'trashmail.de', 'getnada.com', 'dispostable.com', 'maildrop.cc'],
  ...['mailnesia.com', 'mintemail.com', 'mohmal.com', 'moakt.com', 'fakeinbox.com', 'spamgourmet.com'],
  ...['emailondeck.com', 'tempail.com', 'discard.email', 'mailcatch.com', 'yopmail.fr', 'burnermail.io'],
  // For the example lead files, which may only name example domains.
  'throwaway.example',
];
