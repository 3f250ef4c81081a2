const controls = /[\p{Cc}\p{Bidi_Control}]/gu;
const controlPictures = 0x2400;
const deletePicture = 0x2421;

const mark = (character: string): string => {
  if (character === '\n' || character === '\t') return character;
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return String.fromCodePoint(controlPictures + code);
  if (code === 0x7f) return String.fromCodePoint(deletePicture);
  return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
};

/**
 * A text with every control character but newline and tab, and every control of the writing direction, replaced
 * by a mark one can see: texts of others may neither steer a terminal nor show another order than they have.
 */
export const visibleText = (text: string): string => text.replace(controls, mark);
