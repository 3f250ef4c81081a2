import type { Page } from 'playwright-core';
import { deskOf } from './desk-page.ts';
import type { DeskRig } from './desk-rig.ts';
import type { ShowScreen } from './screens.ts';
import type { switchServices } from './service-switch.ts';

/** A screen that comes from what happens to the system: the same to every window that looks at it. */
export interface BadScreen {
  readonly name: string;
  /** What happens, once every window is where it has to be before it. */
  readonly happen?: (windows: readonly Page[]) => Promise<void>;
  readonly show: ShowScreen;
}

/** The screens of a bad day: there is nothing, or what is there cannot be read. They follow each other. */
export const badScreensOf = (
  rig: DeskRig,
  services: ReturnType<typeof switchServices>,
): readonly BadScreen[] => [
  {
    name: 'an empty queue',
    happen: () => rig.clearDesk(),
    show: async (page) => {
      await page.goto('/sales');
      await page.getByRole('heading', { name: 'Nothing waits for your review' }).waitFor();
      await page.getByText('Every part answers; the list was read just now.').waitFor();
    },
  },
  {
    name: 'nobody in a batch',
    show: async (page) => {
      await page.goto('/sales/batches/new');
      await page.getByText('No approved draft of this kind waits for a batch.').waitFor();
    },
  },
  {
    name: 'a card without the gatekeeper',
    happen: async (windows) => {
      await rig.bringLeads(['Mira Novak']);
      await rig.bringLeads(['Nils Orban']);
      const last = (await rig.pending()).find(({ message }) => message.recipient.name === 'Nils Orban');
      await Promise.all(
        windows.map(async (page) => {
          const ahead = page.waitForResponse((answer) => answer.url().endsWith(`/${last?.draftId}`));
          await page.goto('/sales');
          await deskOf(page).cardOf('Mira Novak').waitFor();
          await (await ahead).finished();
        }),
      );
      await services.stop('gatekeeper');
    },
    show: async (page) => {
      await page.getByText('Not up to date.').first().waitFor();
      await page.getByText(/^This card is as it was at/).waitFor();
    },
  },
  {
    name: 'a card that was only read ahead',
    show: async (page) => {
      const { button, cardOf } = deskOf(page);
      await button('Next card').click();
      await cardOf('Nils Orban')
        .getByText(/^This card is as it was at/)
        .waitFor();
    },
  },
  {
    name: 'a list that could not be read',
    show: async (page) => {
      await page.reload();
      await page.getByText('What is waiting is not shown here because it could not be read.').waitFor();
    },
  },
  {
    name: 'a system of which a part is away',
    show: async (page) => {
      await page.goto('/sales/system');
      await page.getByText('gatekeeper: does not answer').waitFor();
    },
  },
];
