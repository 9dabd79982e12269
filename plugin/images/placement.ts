/** Where an image lies over a view's picture, as numbers: in pixels of the picture, from its top left corner. */
export interface Size {
  width: number;
  height: number;
}
export interface Placement {
  /** The image's middle. */
  x: number;
  y: number;
  /** Pixels of the picture for one of the image. */
  scale: number;
}

/** At first an image takes no more than this share of the picture's sides. */
const FIRST_SHARE = 0.4;
const SMALLEST_PX = 8;
/** Of the picture's longer side. */
const LARGEST = 3;

/** In the middle, in full or as large as there is room for. */
export function firstPlacement(image: Size, picture: Size): Placement {
  const room = Math.min(picture.width / image.width, picture.height / image.height);
  return kept(
    {
      x: picture.width / 2,
      y: picture.height / 2,
      scale: Math.min(1, FIRST_SHARE * room),
    },
    image,
    picture,
  );
}

/** A part of an image that covers the picture in whole: where it lay in that. */
export function placementWithin(
  part: { x0: number; y0: number; x1: number; y1: number },
  whole: Size,
  picture: Size,
): Placement {
  return {
    x: (((part.x0 + part.x1) / 2) * picture.width) / whole.width,
    y: (((part.y0 + part.y1) / 2) * picture.height) / whole.height,
    scale: picture.width / whole.width,
  };
}

/** The nearest placement with the middle in the picture and a size one can work with. */
export function kept(placement: Placement, image: Size, picture: Size): Placement {
  const longer = Math.max(image.width, image.height);
  const largest = (LARGEST * Math.max(picture.width, picture.height)) / longer;
  const smallest = Math.min(largest, SMALLEST_PX / longer);
  const between = (v: number, low: number, high: number) => Math.min(high, Math.max(low, v));
  return {
    x: between(placement.x, 0, picture.width),
    y: between(placement.y, 0, picture.height),
    scale: between(placement.scale, smallest, largest),
  };
}

export const movedBy = (placement: Placement, dx: number, dy: number): Placement => ({
  ...placement,
  x: placement.x + dx,
  y: placement.y + dy,
});

/** Larger or smaller, about a point that stays where it is. */
export function scaledAbout(
  { x, y, scale }: Placement,
  factor: number,
  about: { x: number; y: number },
): Placement {
  return {
    x: about.x + (x - about.x) * factor,
    y: about.y + (y - about.y) * factor,
    scale: scale * factor,
  };
}

/** The rectangle that the image covers. */
export function coveredBy({ x, y, scale }: Placement, image: Size) {
  const [width, height] = [image.width * scale, image.height * scale];
  return { left: x - width / 2, top: y - height / 2, width, height };
}
