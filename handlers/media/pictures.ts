import { marshall } from "@aws-sdk/util-dynamodb";
import type { TableClient } from "../../components/sdk/dynamodb";
import type { ObjectsClient } from "../../components/sdk/s3";
import { endpoint } from "../endpoint";
import { problem } from "../problem";
import { type RenditionName, renditionNames } from "./picture/renditions";
import { type PictureRecord, pictureOf, renditionsOf } from "./picture-record";
import { listPictures, type Picture, readPicture, showPicture } from "./routes";

/** How long the address of a rendition serves. */
const linkSeconds = 900;

/** Most pictures of a list. */
const listLimit = 100;

/** Renditions that anyone may see of a published photo. */
const forScreens: readonly RenditionName[] = ["thumbnail", "web"];

/** Pictures of the user that are not ready, newest first: what a client reads that was not there to be told. */
export const list = (pictures: TableClient<"pending">, renditions: ObjectsClient) => {
  const shown = viewer(renditions);
  return endpoint(listPictures, async ({ user }) => {
    const { Items = [] } = await pictures.indexes.pending.Query({
      KeyConditionExpression: "#pending = :user",
      ExpressionAttributeNames: { "#pending": "pending" },
      ExpressionAttributeValues: marshall({ ":user": user }),
      ScanIndexForward: false,
      Limit: listLimit,
    });
    return {
      status: 200,
      body: { pictures: await Promise.all(Items.map((item) => shown(pictureOf(item)))) },
    };
  });
};

export const read = (pictures: TableClient, renditions: ObjectsClient) => {
  const shown = viewer(renditions);
  return endpoint(readPicture, async ({ user, path: { photo } }) => {
    const { Item } = await pictures.GetItem({ Key: marshall({ owner: user, photo }) });
    if (!Item) {
      throw problem(404, `No picture was uploaded for the photo ${photo}.`);
    }
    return { status: 200, body: await shown(pictureOf(Item)) };
  });
};

export const show = (pictures: TableClient, renditions: ObjectsClient) => {
  const shown = viewer(renditions);
  return endpoint(showPicture, async ({ path: { owner, photo } }) => {
    const { Item } = await pictures.GetItem({ Key: marshall({ owner, photo }) });
    const picture = Item && pictureOf(Item);
    if (picture?.state !== "ready") {
      throw problem(404, `There is no picture of the photo ${photo} that is ready.`);
    }
    return { status: 200, body: await shown(picture, forScreens) };
  });
};

/** A picture as the API shows it, with a link to each of its renditions, or of those named. */
const viewer =
  (objects: ObjectsClient) =>
  async (picture: PictureRecord, names: readonly RenditionName[] = renditionNames): Promise<Picture> => {
    const { photo, state, reason, changedAt } = picture;
    const wanted = renditionsOf(picture).filter(({ name }) => names.includes(name));
    const renditions = await Promise.all(
      wanted.map(async (rendition) => {
        const Key = picture.renditions[rendition.name]?.key;
        return { ...rendition, url: await objects.PresignGet({ Key, expiresSeconds: linkSeconds }) };
      }),
    );
    return { photo, state, reason, renditions, changedAt };
  };
