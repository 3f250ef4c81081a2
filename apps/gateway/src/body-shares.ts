/** What one body holds of the memory: counted as it comes, so that whoever announces much and sends nothing holds nothing. */
export interface BodyShare {
  /** Counts bytes that came; false when there is no room for them. */
  readonly add: (bytes: number) => boolean;
  readonly release: () => void;
}

export interface BodyRoom {
  readonly bytes: number;
  /** Of the bodies of one person or address together. */
  readonly bytesOfOne: number;
}

/**
 * The memory that bodies held whole may take together, in bytes, and of it how much those of one may. Bodies up to
 * `smallBytes` have room of their own beside: large ones on their way, however many, keep out no stop and no decision.
 */
export const createBodyShares = (options: {
  readonly all: BodyRoom;
  readonly small: BodyRoom;
  readonly smallBytes: number;
}) => {
  const createRoom = ({ bytes: bytesMax, bytesOfOne }: BodyRoom) => {
    let held = 0;
    const heldBy = new Map<string, number>();
    return {
      take: (who: string, bytes: number): boolean => {
        const mine = heldBy.get(who) ?? 0;
        if (held + bytes > bytesMax || mine + bytes > bytesOfOne) return false;
        held += bytes;
        heldBy.set(who, mine + bytes);
        return true;
      },
      give: (who: string, bytes: number): void => {
        held -= bytes;
        const mine = (heldBy.get(who) ?? 0) - bytes;
        if (mine > 0) heldBy.set(who, mine);
        else heldBy.delete(who);
      },
    };
  };
  const small = createRoom(options.small);
  const large = createRoom(options.all);

  return (who: string): BodyShare => {
    let inSmall = 0;
    let inLarge = 0;
    let isOver = false;
    return {
      add: (bytes) => {
        if (isOver) return false;
        if (inLarge === 0 && inSmall + bytes <= options.smallBytes && small.take(who, bytes)) {
          inSmall += bytes;
          return true;
        }
        if (!large.take(who, inSmall + bytes)) return false;
        inLarge += inSmall + bytes;
        small.give(who, inSmall);
        inSmall = 0;
        return true;
      },
      release: () => {
        isOver = true;
        small.give(who, inSmall);
        large.give(who, inLarge);
        inSmall = 0;
        inLarge = 0;
      },
    };
  };
};

export type BodyShares = ReturnType<typeof createBodyShares>;
