import type { SqlClient } from "../../components/sdk/rds-data";
import { endpoint } from "../endpoint";
import { problem } from "../problem";
import { photoViewsReader } from "./counts";
import { readPhotoViews } from "./routes";

export const photoViews = (database: SqlClient) => {
  const read = photoViewsReader(database);
  return endpoint(readPhotoViews, async ({ path: { id }, query }) => {
    const days = await read(id, query.days);
    if (!days) {
      throw problem(404, `There is no photo ${id}.`);
    }
    return { status: 200, body: { days } };
  });
};
