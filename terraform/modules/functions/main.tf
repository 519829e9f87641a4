# The functions on AWS Lambda: from the zip of a build, with SnapStart, or from an image (infra/containers), whose classes
# are archived. Callers call the alias, which names the version that is published: SnapStart knows no other.

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

    # models stay on the disk of a machine; there is always room for photographs beside them
    SCLERA_CACHE_FOLDER    = "/tmp/sclera"
    SCLERA_CACHE_MEGABYTES = "256"
    SCLERA_LAMBDA_RESERVE  = var.reserve
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
    SCLERA_UPLOAD_LARGEST            = "268435456"
    SCLERA_UPLOAD_QUIET              = "PT0S"
  }

  environments = {
    grade    = local.store
    craft    = local.store
    perturb  = local.store
    evaluate = local.store
    report   = local.store
    campaign = merge(local.store, {
      SCLERA_CAMPAIGN_TIME    = var.campaign_time
      SCLERA_CAMPAIGN_REPAIRS = "here"
    })
    campaign-start  = merge(local.store, local.events)
    campaign-status = local.store
    finetune        = merge(local.store, local.jobs)
    finetune-status = merge(local.store, local.jobs)
    uploaded        = merge(local.store, local.events)
    finetune-ended  = merge(local.store, local.events, local.jobs)
    finetune-watch = merge(local.store, local.events, local.jobs, {
      SCLERA_CAMPAIGN_TIME    = var.campaign_time
      SCLERA_CAMPAIGN_REPAIRS = "jobs"
    })
    # repairs go to the queue of GPUs, and the step waits for the end of its job
    campaign-step = merge(local.store, local.events, local.jobs, {
      SCLERA_CAMPAIGN_TIME    = var.campaign_time
      SCLERA_CAMPAIGN_REPAIRS = "jobs"
    })
    campaign-advance  = merge(local.store, local.events)
    campaign-given-up = merge(local.store, local.events)
  }

  # What each function writes, and what of it it deletes again. Reading is the same for all: any artifact.
  described = ["models/*/model.json", "models/*/self-test/*"]

  writes = {
    grade           = concat(local.described, ["predictions/*"])
    craft           = concat(local.described, ["predictions/*", "perturbations/*"])
    perturb         = ["perturbed/*"]
    evaluate        = concat(local.described, ["predictions/*", "evaluations/*"])
    report          = concat(local.described, ["predictions/*", "evaluations/*", "reports/*"])
    campaign        = ["models/*", "predictions/*", "perturbations/*", "perturbed/*", "evaluations/*", "finetunes/*", "ensembles/*", "campaigns/*", "reports/*"]
    finetune        = concat(local.described, ["finetunes/*"])
    finetune-status = ["finetunes/*/status.json"]
    uploaded        = concat(local.described, ["campaigns/*"])
    campaign-start  = concat(local.described, ["campaigns/*"])
    campaign-status = []
    campaign-step   = ["models/*", "predictions/*", "perturbations/*", "perturbed/*", "evaluations/*", "finetunes/*", "ensembles/*", "campaigns/*", "reports/*", "dead-letters/*"]
    # they only tell, each thing once
    campaign-advance  = ["campaigns/*/told/*", "campaigns/*/leases/*"]
    campaign-given-up = ["campaigns/*/told/*", "campaigns/*/leases/*", "campaigns/*/failures/*", "dead-letters/*"]
    finetune-ended    = []
    finetune-watch    = []
  }

  deletes = {
    craft         = ["perturbations/*/checkpoint.bin"]
    campaign      = ["perturbations/*/checkpoint.bin", "finetunes/*/checkpoint/*"]
    campaign-step = ["perturbations/*/checkpoint.bin", "finetunes/*/checkpoint/*", "campaigns/*/leases/*"]

    campaign-advance  = ["campaigns/*/leases/*"]
    campaign-given-up = ["campaigns/*/leases/*"]
  }

  # Half of the memory is ONNX Runtime's. What is answered in seconds gains nothing from the compiler that takes long, and
  # starts later with it.
  java  = "-Djava.awt.headless=true -XX:MaxRAMPercentage=50"
  brief = toset(["grade", "report", "finetune", "finetune-status", "campaign-status"])

  # SnapStart takes neither images nor more than 512 MB of /tmp.
  snapped    = toset([for name, function in var.functions : name if function.image_uri == null && function.snap_start])
  publishers = toset(["campaign", "campaign-start", "report", "uploaded", "campaign-step", "campaign-advance", "campaign-given-up", "finetune-ended", "finetune-watch"])

  dispatchers = toset([for name in ["finetune", "campaign-step"] : name if contains(keys(var.functions), name)])
  lookers     = toset(concat(tolist(local.dispatchers), ["finetune-watch"]))
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
    for_each = contains(local.lookers, each.key) ? [1] : []

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
  package_type                   = each.value.image_uri == null ? "Zip" : "Image"
  image_uri                      = each.value.image_uri
  filename                       = each.value.image_uri == null ? each.value.zip : null
  source_code_hash               = each.value.image_uri == null ? filebase64sha256(each.value.zip) : null
  handler                        = each.value.image_uri == null ? "io.quarkus.amazon.lambda.runtime.QuarkusStreamHandler::handleRequest" : null
  runtime                        = each.value.image_uri == null ? "java21" : null
  architectures                  = [each.value.architecture]
  memory_size                    = each.value.memory_size
  timeout                        = each.value.timeout
  reserved_concurrent_executions = each.value.reserved_concurrency
  publish                        = true
  depends_on                     = [aws_iam_role_policy.function]

  environment {
    variables = merge(
      local.environments[each.key],
      {
        QUARKUS_FUNQY_EXPORT = each.key
        JAVA_TOOL_OPTIONS    = contains(local.brief, each.key) ? "${local.java} -XX:TieredStopAtLevel=1" : local.java
      },
      each.value.environment,
    )
  }

  ephemeral_storage {
    size = each.value.ephemeral_storage
  }

  dynamic "snap_start" {
    for_each = contains(local.snapped, each.key) ? [1] : []

    content {
      apply_on = "PublishedVersions"
    }
  }

  logging_config {
    log_format = "JSON"
    log_group  = var.log_groups[each.key].name
  }

  tracing_config {
    mode = "PassThrough"
  }

  lifecycle {
    precondition {
      condition     = each.value.image_uri != null || each.value.zip != null
      error_message = "The function ${each.key} needs an image_uri, or the zip of a build."
    }

    precondition {
      condition     = !contains(local.snapped, each.key) || each.value.ephemeral_storage <= 512
      error_message = "The function ${each.key} has SnapStart, which takes no more than 512 MB of ephemeral_storage."
    }
  }
}

resource "aws_lambda_alias" "live" {
  for_each = aws_lambda_function.function

  name             = "live"
  function_name    = each.value.function_name
  function_version = each.value.version
}

# Calls by events: tried again twice, then kept in the queue of dead letters. What a campaign and a report
# answer goes on the bus, where module events reads whether it is to go on.
resource "aws_lambda_function_event_invoke_config" "function" {
  for_each = var.functions

  function_name                = aws_lambda_function.function[each.key].function_name
  qualifier                    = aws_lambda_alias.live[each.key].name
  maximum_retry_attempts       = 2
  maximum_event_age_in_seconds = 21600

  destination_config {
    on_failure {
      destination = aws_sqs_queue.dead.arn
    }

    dynamic "on_success" {
      for_each = contains(["campaign", "report"], each.key) ? [1] : []

      content {
        destination = "arn:${data.aws_partition.current.partition}:events:${var.region}:${local.account}:event-bus/default"
      }
    }
  }
}

resource "aws_lambda_function_url" "function" {
  for_each = var.functions

  function_name      = aws_lambda_function.function[each.key].function_name
  qualifier          = aws_lambda_alias.live[each.key].name
  authorization_type = "AWS_IAM"
}

resource "aws_sqs_queue" "dead" {
  name                      = "${var.name}-dead-letters"
  message_retention_seconds = 1209600
  kms_master_key_id         = var.key_arn
}
