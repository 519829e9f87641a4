# The functions on AWS Lambda. Their images are an input: the build makes no image for Lambda yet, only functions over
# HTTP (infra/containers). Until it does, leave var.functions empty; all else here stands without them.

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

locals {
  account = data.aws_caller_identity.current.account_id

  # Credentials and an endpoint are not among them: a function has its role, and AWS' own endpoint.
  store = {
    SCLERA_STORE_BUCKET        = var.bucket
    SCLERA_STORE_REGION        = var.region
    SCLERA_STORE_CREATE_BUCKET = "false"
    SCLERA_COMPUTE             = "cpu"
  }

  jobs = {
    SCLERA_FINETUNE_DISPATCHER       = "batch"
    SCLERA_FINETUNE_BATCH_QUEUE      = var.job_queue
    SCLERA_FINETUNE_BATCH_DEFINITION = var.job_definition
    SCLERA_FINETUNE_BATCH_REGION     = var.region
  }

  # How long uploads rest is the queue's business, and how campaigns end is told by a rule of module events.
  events = {
    SCLERA_EVENTS_BUS                = "eventbridge"
    SCLERA_EVENTS_EVENTBRIDGE_NAME   = "default"
    SCLERA_EVENTS_EVENTBRIDGE_REGION = var.region
    SCLERA_UPLOAD_TEMPLATE           = length(keys(var.template)) > 0 ? jsonencode(var.template) : ""
    SCLERA_UPLOAD_TEMPLATE_KEY       = "campaigns/on-upload.json"
    SCLERA_UPLOAD_LARGEST            = "1073741824"
    SCLERA_UPLOAD_QUIET              = "PT0S"
  }

  environments = {
    grade    = local.store
    craft    = local.store
    perturb  = local.store
    evaluate = local.store
    report   = local.store
    campaign = merge(local.store, {
      SCLERA_CAMPAIGN_TIME = var.campaign_time
    })
    finetune         = merge(local.store, local.jobs)
    finetune-status  = merge(local.store, local.jobs)
    uploaded         = merge(local.store, local.events)
    campaign-step    = merge(local.store, local.events)
    campaign-advance = merge(local.store, local.events)
  }

  # What each function writes, and what of it it deletes again. Reading is the same for all: any artifact.
  described = ["models/*/model.json", "models/*/self-test/*"]

  writes = {
    grade           = concat(local.described, ["predictions/*"])
    craft           = concat(local.described, ["predictions/*", "perturbations/*"])
    perturb         = ["perturbed/*"]
    evaluate        = concat(local.described, ["predictions/*", "evaluations/*"])
    report          = ["reports/*"]
    campaign        = ["models/*", "predictions/*", "perturbations/*", "perturbed/*", "evaluations/*", "finetunes/*", "ensembles/*", "campaigns/*", "reports/*"]
    finetune        = concat(local.described, ["finetunes/*"])
    finetune-status = ["finetunes/*/status.json"]
    uploaded        = concat(local.described, ["campaigns/*"])
    campaign-step   = ["models/*", "predictions/*", "perturbations/*", "perturbed/*", "evaluations/*", "finetunes/*", "ensembles/*", "campaigns/*", "reports/*"]
    # it only tells
    campaign-advance = []
  }

  deletes = {
    craft         = ["perturbations/*/checkpoint.bin"]
    campaign      = ["perturbations/*/checkpoint.bin", "finetunes/*/checkpoint/*"]
    campaign-step = ["perturbations/*/checkpoint.bin", "finetunes/*/checkpoint/*"]
  }

  publishers = toset(["campaign", "uploaded", "campaign-step", "campaign-advance"])

  dispatchers = toset([for name in ["finetune"] : name if contains(keys(var.functions), name)])
}

data "aws_iam_policy_document" "assume" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "function" {
  for_each = var.functions

  name               = "${var.name}-${each.key}"
  assume_role_policy = data.aws_iam_policy_document.assume.json
}

data "aws_iam_policy_document" "function" {
  for_each = var.functions

  statement {
    sid       = "Find"
    actions   = ["s3:ListBucket"]
    resources = [var.bucket_arn]
  }

  statement {
    sid       = "Read"
    actions   = ["s3:GetObject"]
    resources = ["${var.bucket_arn}/*"]
  }

  dynamic "statement" {
    for_each = length(local.writes[each.key]) > 0 ? [local.writes[each.key]] : []

    content {
      sid       = "Write"
      actions   = ["s3:PutObject"]
      resources = [for prefix in statement.value : "${var.bucket_arn}/${prefix}"]
    }
  }

  dynamic "statement" {
    for_each = contains(keys(var.queues), each.key) ? [var.queues[each.key]] : []

    content {
      sid       = "Called"
      actions   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
      resources = [statement.value]
    }
  }

  dynamic "statement" {
    for_each = contains(keys(local.deletes), each.key) ? [local.deletes[each.key]] : []

    content {
      sid       = "Forget"
      actions   = ["s3:DeleteObject"]
      resources = [for prefix in statement.value : "${var.bucket_arn}/${prefix}"]
    }
  }

  statement {
    sid       = "Key"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = [var.key_arn]
  }

  statement {
    sid       = "Log"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${var.log_groups[each.key].arn}:*"]
  }

  statement {
    sid       = "DeadLetters"
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.dead.arn]
  }

  dynamic "statement" {
    for_each = contains(local.publishers, each.key) ? [1] : []

    content {
      sid       = "Outcome"
      actions   = ["events:PutEvents"]
      resources = ["arn:${data.aws_partition.current.partition}:events:${var.region}:${local.account}:event-bus/default"]
    }
  }

  dynamic "statement" {
    for_each = contains(local.dispatchers, each.key) ? [1] : []

    content {
      sid       = "Submit"
      actions   = ["batch:SubmitJob"]
      resources = [var.job_queue, var.job_definition, "${var.job_definition}:*"]
    }
  }

  dynamic "statement" {
    for_each = contains(local.dispatchers, each.key) ? [1] : []

    # ListJobs knows no resources: "*" is the only one it takes. The condition leaves it to this region.
    content {
      sid       = "Look"
      actions   = ["batch:ListJobs"]
      resources = ["*"]

      condition {
        test     = "StringEquals"
        variable = "aws:RequestedRegion"
        values   = [var.region]
      }
    }
  }
}

resource "aws_iam_role_policy" "function" {
  for_each = var.functions

  name   = "store"
  role   = aws_iam_role.function[each.key].id
  policy = data.aws_iam_policy_document.function[each.key].json
}

resource "aws_lambda_function" "function" {
  for_each = var.functions

  function_name                  = "${var.name}-${each.key}"
  role                           = aws_iam_role.function[each.key].arn
  package_type                   = "Image"
  image_uri                      = each.value.image_uri
  architectures                  = [each.value.architecture]
  memory_size                    = each.value.memory_size
  timeout                        = each.value.timeout
  reserved_concurrent_executions = each.value.reserved_concurrency
  depends_on                     = [aws_iam_role_policy.function]

  environment {
    variables = merge(local.environments[each.key], each.value.environment)
  }

  ephemeral_storage {
    size = each.value.ephemeral_storage
  }

  logging_config {
    log_format = "JSON"
    log_group  = var.log_groups[each.key].name
  }

  tracing_config {
    mode = "PassThrough"
  }
}

# Calls by events: tried again twice, then kept in the queue of dead letters. What a campaign answers goes on the bus,
# where module events reads whether it is to go on, passed, or failed.
resource "aws_lambda_function_event_invoke_config" "function" {
  for_each = var.functions

  function_name                = aws_lambda_function.function[each.key].function_name
  maximum_retry_attempts       = 2
  maximum_event_age_in_seconds = 21600

  destination_config {
    on_failure {
      destination = aws_sqs_queue.dead.arn
    }

    dynamic "on_success" {
      for_each = each.key == "campaign" ? [1] : []

      content {
        destination = "arn:${data.aws_partition.current.partition}:events:${var.region}:${local.account}:event-bus/default"
      }
    }
  }
}

resource "aws_lambda_function_url" "function" {
  for_each = var.functions

  function_name      = aws_lambda_function.function[each.key].function_name
  authorization_type = "AWS_IAM"
}

resource "aws_sqs_queue" "dead" {
  name                      = "${var.name}-dead-letters"
  message_retention_seconds = 1209600
  kms_master_key_id         = var.key_arn
}
