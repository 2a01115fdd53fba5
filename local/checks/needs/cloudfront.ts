import type * as aws from "@pulumi/aws";
import { unqualified } from "../arn";
import type { Graph, Node } from "../graph";
import { type NeedsTable, needsOf, trusts } from "./need";

const type = "aws:cloudfront/distribution:Distribution";

type Distribution = Node<aws.cloudfront.DistributionArgs>;

/** Unqualified ARNs of the functions that a distribution runs at the edge. */
function edgeFunctions({ inputs }: Distribution): string[] {
  const behaviors = [inputs.defaultCacheBehavior, ...(inputs.orderedCacheBehaviors ?? [])];
  const associations = behaviors.flatMap((behavior) => behavior?.lambdaFunctionAssociations ?? []);
  return associations.flatMap(({ lambdaArn }) => (lambdaArn === undefined ? [] : [unqualified(lambdaArn)]));
}

/** Whether a distribution of the graph runs the function at the edge. */
export function runsAtEdge(functionArn: string, graph: Graph): boolean {
  return graph
    .ofType<aws.cloudfront.DistributionArgs>(type)
    .some((distribution) => edgeFunctions(distribution).includes(functionArn));
}

export const cloudfront: NeedsTable = {
  // https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-edge-permissions.html
  [type]: needsOf<aws.cloudfront.DistributionArgs>((distribution, graph) =>
    edgeFunctions(distribution).flatMap((arn) =>
      trusts(
        graph.findFunction(arn)?.inputs.role,
        "edgelambda.amazonaws.com",
        `distribution ${distribution.name} runs the function at the edge with it`,
      ),
    ),
  ),
};
