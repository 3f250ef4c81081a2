import { type Signal, signal } from '@preact/signals';

export const themes = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const key = 'desk-theme';

const isTheme = (value: string | null): value is Theme => themes.some((theme) => theme === value);

/** Browsers that keep nothing (private windows, blocked storage) throw on access; the desk then forgets. */
export const recall = (storage: () => Storage, name: string): string | null => {
  try {
    return storage().getItem(name);
  } catch {
    return null;
  }
};

export const remember = (storage: () => Storage, name: string, value: string | null): void => {
  try {
    if (value === null) storage().removeItem(name);
    else storage().setItem(name, value);
  } catch {
    return;
  }
};

export interface ThemeSwitch {
  readonly theme: Signal<Theme>;
  readonly choose: (theme: Theme) => void;
}

/** Follows the system until the person chooses; the choice is kept in this browser. */
export const createThemeSwitch = (root: HTMLElement, storage: () => Storage): ThemeSwitch => {
  const kept = recall(storage, key);
  const theme = signal<Theme>(isTheme(kept) ? kept : 'auto');
  const choose = (next: Theme): void => {
    theme.value = next;
    root.dataset['theme'] = next;
    remember(storage, key, next);
  };
  choose(theme.value);
  return { theme, choose };
};
