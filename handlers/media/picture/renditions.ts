/** How a picture is shown. */
export interface Rendition {
  /** Pixels of the longer side, at most; a smaller picture keeps its size. @default as many as the picture has */
  readonly longestSide?: number;
  /** JPEG quality, 1–100; from 90 on, colours have the full resolution too. */
  readonly quality: number;
  /** Shown coarsely while it loads; costs memory for the whole picture when it is written. */
  readonly progressive: boolean;
}

/** What every picture is made into. */
export const renditionNames = ["thumbnail", "web", "print"] as const;
export type RenditionName = (typeof renditionNames)[number];

export const renditions = {
  thumbnail: { longestSide: 320, quality: 78, progressive: false },
  web: { longestSide: 1600, quality: 82, progressive: true },
  print: { quality: 90, progressive: false },
} as const satisfies Record<RenditionName, Rendition>;

/** Media types of the pictures that are taken: what cameras and browsers make and every browser shows. */
export const pictureTypes = ["image/jpeg", "image/png", "image/webp"] as const;

/**
 * 50 binary megapixels, enough for the 8192 × 6144 of a telephone's "50 megapixels". A picture that has to be turned
 * or comes in passes is decoded as a whole, so this is what bounds memory: 0.8 GB were seen for a smaller rendition
 * and 1.1 GB for `print`.
 */
export const maximumPixels = 50 * 1024 * 1024;

/** Pixels of a side that JPEG, the format of every rendition, can hold as libjpeg writes it. */
export const maximumSide = 65_500;
