import type { EventBridgeEvent } from "aws-lambda";
import type { SqlClient } from "../../components/sdk/rds-data";
import { sql, uuid } from "../../components/sdk/sql/statement";
import { type PhotoEvent, photoChanged, photoPublished, photoRemoved } from "../photos/events";
import { slice } from "./view";

/** The events that `followPhotos` follows. */
export const photoEvents = [photoPublished, photoChanged, photoRemoved];

/**
 * Keeps of each photo what lists of them show. Events come late, twice and in any order: one that is not newer than what
 * is known changes nothing. Of a photo that is gone only its id stays, so that a late event does not bring it back.
 */
export const followPhotos =
  (database: SqlClient) =>
  async (event: EventBridgeEvent<string, PhotoEvent>): Promise<void> => {
    const { id, owner, version } = event.detail;
    // The only character that PostgreSQL cannot keep.
    const title = event.detail.title.replaceAll("\0", "");
    if (event["detail-type"] === photoRemoved.type) {
      // First, so that no list has it any more, whatever becomes of the rest.
      await database.Execute(sql`
        INSERT INTO photos (id, owner, title, version, removed) VALUES (${uuid(id)}, '', '', ${version}, true)
        ON CONFLICT (id) DO UPDATE SET owner = '', title = '', version = excluded.version, removed = true`);
      await database.Execute(sql`DELETE FROM closed_views WHERE photo = ${uuid(id)}`);
      for (let deleted = slice; deleted === slice; ) {
        const { updated } = await database.Execute(sql`
          DELETE FROM views WHERE id IN (SELECT id FROM views WHERE photo = ${uuid(id)} LIMIT ${slice})`);
        deleted = updated;
      }
      return;
    }
    await database.Execute(sql`
      INSERT INTO photos (id, owner, title, version) VALUES (${uuid(id)}, ${owner}, ${title}, ${version})
      ON CONFLICT (id) DO UPDATE SET owner = excluded.owner, title = excluded.title, version = excluded.version
      WHERE photos.version < excluded.version AND NOT photos.removed`);
  };
