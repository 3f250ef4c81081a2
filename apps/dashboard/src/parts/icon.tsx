/** Line drawings on a 24-unit grid; decoration only, so hidden from screen readers. */
const drawings = {
  check: 'M5 12.5l4.5 4.5L19 7.5',
  cross: 'M6 6l12 12M18 6L6 18',
  pencil: 'M4 20l4-1 11-11-3-3L5 16zM14 7l3 3',
  undo: 'M8 5L4 9l4 4M4 9h10a5 5 0 010 10h-4',
  stop: 'M8 3h8l5 5v8l-5 5H8l-5-5V8zM9 12h6',
  warn: 'M12 4l9 16H3zM12 10v4M12 17v.5',
  clock: 'M12 3a9 9 0 100 18 9 9 0 000-18zM12 7v5l3 2',
  inbox: 'M4 13l2-8h12l2 8v6H4zM4 13h5a3 3 0 006 0h5',
  filter: 'M4 5h16l-6 8v6l-4-2v-4z',
  plug: 'M9 3v5M15 3v5M6 8h12v3a6 6 0 01-12 0zM12 17v4',
  door: 'M6 3h12v18H6zM14 12v.5M2 21h20',
  person: 'M12 12a4 4 0 100-8 4 4 0 000 8zM4 21a8 8 0 0116 0',
  left: 'M15 5l-7 7 7 7',
  right: 'M9 5l7 7-7 7',
  seal: 'M7 11V8a5 5 0 0110 0v3M5 11h14v9H5zM12 15v2',
  list: 'M4 6h16M4 12h16M4 18h16',
} as const;

export type IconName = keyof typeof drawings;

export const Icon = ({ name }: { readonly name: IconName }) => (
  <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    <path d={drawings[name]} />
  </svg>
);
