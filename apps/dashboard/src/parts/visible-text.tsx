import {
  linePiecesOf,
  oddCharacterCount,
  oddPieceCount,
  piecesOf,
  type TextPiece,
} from '../text/hidden-characters.ts';

const Pieces = ({ pieces }: { readonly pieces: readonly TextPiece[] }) => (
  <>
    {pieces.map((piece) =>
      piece.kind === 'plain' ? (
        piece.text
      ) : (
        <mark class={`odd odd-${piece.kind}`} data-name={piece.name} title={piece.name}>
          <span class="odd-character">{piece.text}</span>
        </mark>
      ),
    )}
  </>
);

/**
 * A text exactly as it is, with a mark on every character that a reader would miss or take for another one. The
 * characters themselves stay in the page, so that copying gives the text.
 */
export const VisibleText = ({ text }: { readonly text: string }) => <Pieces pieces={piecesOf(text)} />;

/** The same for a line of its own, whose first and last spaces would not be seen either. */
export const VisibleLine = ({ line }: { readonly line: string }) => <Pieces pieces={linePiecesOf(line)} />;

/**
 * A piece of somebody else's text in a line of ours: what it holds is marked as above, it begins at the left as the
 * words around it do, and no writing direction in it reaches them. A long address breaks behind its @.
 */
export const LeadText = ({ text }: { readonly text: string }) => (
  <bdi dir="ltr">
    {text.split(/(?<=@)/).map((part, index) => (
      <>
        {index === 0 ? null : <wbr />}
        <VisibleText text={part} />
      </>
    ))}
  </bdi>
);

/** Says how many marked characters there are, where there are any. */
export const OddCharacterNote = (props: {
  readonly lines: readonly string[];
  readonly texts: readonly string[];
}) => {
  const inLines = props.lines.reduce((sum, line) => sum + oddPieceCount(linePiecesOf(line)), 0);
  const count = props.texts.reduce((sum, text) => sum + oddCharacterCount(text), inLines);
  if (count === 0) return null;
  return (
    <p class="note-line">
      {count === 1 ? 'One character is' : `${count} characters are`} marked: invisible, or not the letter it
      looks like.
    </p>
  );
};
