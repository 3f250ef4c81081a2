import { type ReadonlySignal, signal } from '@preact/signals';
import type { Timers } from './live-query.ts';

export interface ToastAction {
  readonly label: string;
  readonly run: () => void;
}

/** A short note. One `about` the same thing takes the place of the one before it. */
export interface Toast {
  readonly about: string;
  readonly text: string;
  readonly action?: ToastAction;
}

/** Why a key that came right after the one before it did nothing. */
export const tooEarly: Toast = {
  about: 'too-early',
  text: 'The second key press was not taken: this had only just appeared. Press again once you have read it.',
};

/** Why keys did nothing after the field they were typed into went away. */
export const meantForField: Toast = {
  about: 'too-early',
  text: 'The field you were writing in went away, so your keys were not taken as commands. Look again, then press.',
};

/** Why the key for an approval did nothing on a card whose person opted out or is excluded. */
export const notToApprove: Toast = {
  about: 'barred',
  text: 'Not approved: nothing is sent to this person. Reject the draft instead.',
};

export interface Toasts {
  readonly list: ReadonlySignal<readonly Toast[]>;
  readonly show: (toast: Toast) => void;
  readonly dismiss: (toast: Toast) => void;
  readonly clear: () => void;
}

const withActionMs = 20_000;
const textOnlyMs = 8_000;

/** Notes that stay for a moment, and a little longer where something can be done. None is the only way to do it. */
export const createToasts = (timers: Timers): Toasts => {
  const list = signal<readonly Toast[]>([]);
  const dismiss = (toast: Toast): void => {
    list.value = list.value.filter((other) => other !== toast);
  };
  return {
    list,
    dismiss,
    clear: () => {
      list.value = [];
    },
    show: (toast) => {
      list.value = [...list.value.filter(({ about }) => about !== toast.about), toast];
      timers.after(toast.action === undefined ? textOnlyMs : withActionMs, () => dismiss(toast));
    },
  };
};
