import type { Migration } from "../../components/migrations";

/**
 * The schema of `insights`. A view is kept by itself for a while, so that one that is delivered twice counts once; days
 * that are closed are kept as a number for each photo.
 */
export const migrations: readonly Migration[] = [
  {
    name: "photos and their views",
    statements: [
      `CREATE TABLE photos (
        id uuid PRIMARY KEY,
        owner text NOT NULL,
        title text NOT NULL,
        version integer NOT NULL,
        removed boolean NOT NULL DEFAULT false
      )`,
      `CREATE TABLE views (
        id uuid PRIMARY KEY,
        photo uuid NOT NULL,
        day date NOT NULL
      )`,
      "CREATE INDEX views_by_day ON views (day, photo)",
      "CREATE INDEX views_by_photo ON views (photo, day)",
      `CREATE TABLE closed_views (
        photo uuid NOT NULL,
        day date NOT NULL,
        views bigint NOT NULL,
        PRIMARY KEY (photo, day)
      )`,
      "CREATE INDEX closed_views_by_day ON closed_views (day, photo)",
    ],
  },
];
