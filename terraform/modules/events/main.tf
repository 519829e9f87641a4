# A model that is uploaded starts a campaign; each step of a campaign that is done calls forth the next ones; how a
# campaign ends is published. Everything goes through queues: they delay, repeat, limit, and keep what fails.
#
# S3 does not tell which role wrote an object, and Sclera writes repaired graders below models/ itself. The function
# uploaded tells them apart, by the store's own records of what it made.

data "aws_caller_identity" "current" {}

locals {
  account = data.aws_caller_identity.current.account_id

  # What calls which function, by queue. A step that runs out of time goes on from its checkpoint when it comes again,
  # so it may come often.
  calls = {
    uploads = {
      function = "uploaded"
      delay    = var.quiet_seconds
      receives = 5
      pattern = {
        "$or" = [
          {
            source        = ["aws.s3"]
            "detail-type" = ["Object Created"]
            detail = {
              bucket = { name = [var.bucket] }
              object = { key = [{ wildcard = "models/*/model.onnx" }] }
            }
          },
          # what was put back by sclera redrive
          { source = ["dev.sclera"], "detail-type" = ["dev.sclera.uploaded"] },
        ]
      }
    }
    steps = {
      function = "campaign-step"
      delay    = 0
      receives = var.step_receives
      pattern = {
        source        = ["dev.sclera"]
        "detail-type" = ["dev.sclera.campaign-step"]
      }
    }
    steps-done = {
      function = "campaign-advance"
      delay    = 0
      receives = 5
      pattern = {
        source        = ["dev.sclera"]
        "detail-type" = ["dev.sclera.campaign-step-done"]
      }
    }
    repairs = {
      function = "finetune-ended"
      delay    = 0
      receives = 5
      pattern = {
        "$or" = [
          {
            source        = ["aws.batch"]
            "detail-type" = ["Batch Job State Change"]
            detail = {
              jobQueue = [var.job_queue]
              status   = ["SUCCEEDED", "FAILED"]
            }
          },
          { source = ["dev.sclera"], "detail-type" = ["dev.sclera.finetune-ended"] },
        ]
      }
    }
  }

  deployed = { for queue, call in local.calls : queue => call if contains(keys(var.timeouts), call.function) }
  whole    = { for name, timeout in var.timeouts : name => var.functions[name] if contains(["campaign", "report"], name) }
}

resource "aws_s3_bucket_notification" "store" {
  bucket      = var.bucket
  eventbridge = true
}

resource "aws_sqs_queue" "call" {
  for_each = local.deployed

  name          = "${var.name}-${each.key}"
  delay_seconds = each.value.delay
  # A message whose call ran out of time goes on when it is seen again, and should not wait for long; calls are never
  # turned away, for the mapping below asks for no more at a time than there may be.
  visibility_timeout_seconds = var.timeouts[each.value.function] + 60
  message_retention_seconds  = 1209600
  kms_master_key_id          = var.key_arn

  redrive_policy = jsonencode({
    deadLetterTargetArn = each.key == "steps" && length(aws_sqs_queue.given_up) > 0 ? aws_sqs_queue.given_up[0].arn : var.dead_letter_queue.arn
    maxReceiveCount     = each.value.receives
  })
}

# Steps that were received too often, without a word for want of memory for example: the function campaign-given-up keeps
# them in the store, where sclera redrive finds them, and tells that their campaigns do not go on. What no retry would
# mend the function campaign-step keeps itself, at once.
resource "aws_sqs_queue" "given_up" {
  count = contains(keys(var.timeouts), "campaign-given-up") ? 1 : 0

  name                       = "${var.name}-steps-given-up"
  visibility_timeout_seconds = var.timeouts["campaign-given-up"] + 60
  message_retention_seconds  = 1209600
  kms_master_key_id          = var.key_arn

  redrive_policy = jsonencode({
    deadLetterTargetArn = var.dead_letter_queue.arn
    maxReceiveCount     = 5
  })
}

resource "aws_lambda_event_source_mapping" "given_up" {
  count = length(aws_sqs_queue.given_up)

  event_source_arn        = aws_sqs_queue.given_up[0].arn
  function_name           = var.functions["campaign-given-up"].arn
  batch_size              = 1
  function_response_types = ["ReportBatchItemFailures"]

  scaling_config {
    maximum_concurrency = 2
  }
}

resource "aws_cloudwatch_event_rule" "call" {
  for_each = local.deployed

  name          = "${var.name}-${each.key}"
  description   = "What calls the function ${each.value.function}"
  event_pattern = jsonencode(each.value.pattern)
}

resource "aws_cloudwatch_event_target" "call" {
  for_each = local.deployed

  rule = aws_cloudwatch_event_rule.call[each.key].name
  arn  = aws_sqs_queue.call[each.key].arn

  retry_policy {
    maximum_retry_attempts       = 8
    maximum_event_age_in_seconds = 21600
  }

  dead_letter_config {
    arn = var.dead_letter_queue.arn
  }
}

data "aws_iam_policy_document" "call" {
  for_each = local.deployed

  statement {
    sid       = "Events"
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.call[each.key].arn]

    principals {
      type        = "Service"
      identifiers = ["events.amazonaws.com"]
    }

    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [aws_cloudwatch_event_rule.call[each.key].arn]
    }
  }
}

resource "aws_sqs_queue_policy" "call" {
  for_each = local.deployed

  queue_url = aws_sqs_queue.call[each.key].id
  policy    = data.aws_iam_policy_document.call[each.key].json
}

# One event at a time: where one fails, no other comes again for it.
resource "aws_lambda_event_source_mapping" "call" {
  for_each = local.deployed

  event_source_arn        = aws_sqs_queue.call[each.key].arn
  function_name           = var.functions[each.value.function].arn
  batch_size              = 1
  function_response_types = ["ReportBatchItemFailures"]

  scaling_config {
    maximum_concurrency = var.concurrency
  }
}

# How campaigns by events end, and uploads that start none: the whole CloudEvent.
resource "aws_cloudwatch_event_rule" "told" {
  name        = "${var.name}-told"
  description = "Campaigns that ended or failed, verdicts that failed, and uploads that were refused"

  event_pattern = jsonencode({
    source = ["dev.sclera"]
    "detail-type" = [
      "dev.sclera.campaign-finished",
      "dev.sclera.campaign-failed",
      "dev.sclera.verdict-failed",
      "dev.sclera.upload-refused",
    ]
  })
}

resource "aws_cloudwatch_event_target" "told" {
  rule       = aws_cloudwatch_event_rule.told.name
  arn        = aws_sns_topic.told.arn
  input_path = "$.detail"

  dead_letter_config {
    arn = var.dead_letter_queue.arn
  }
}

# AWS Batch tells of every end of a job; where one is not heard of all the same, no campaign waits for ever.
resource "aws_cloudwatch_event_rule" "watch" {
  count = contains(keys(var.timeouts), "finetune-watch") ? 1 : 0

  name                = "${var.name}-watch"
  description         = "Looks after the fine-tuning jobs that campaigns wait for"
  schedule_expression = "rate(30 minutes)"
}

resource "aws_cloudwatch_event_target" "watch" {
  count = length(aws_cloudwatch_event_rule.watch)

  rule = aws_cloudwatch_event_rule.watch[0].name
  arn  = var.functions["finetune-watch"].arn

  # the next one comes soon
  retry_policy {
    maximum_retry_attempts       = 0
    maximum_event_age_in_seconds = 600
  }
}

resource "aws_lambda_permission" "watch" {
  count = length(aws_cloudwatch_event_rule.watch)

  statement_id   = "Watch"
  action         = "lambda:InvokeFunction"
  function_name  = var.functions["finetune-watch"].name
  principal      = "events.amazonaws.com"
  source_arn     = aws_cloudwatch_event_rule.watch[0].arn
  source_account = local.account
}

# A campaign that is called for as a whole, and a report by the clock. "CONTINUE" is no failure: there was no time for all
# of it, and the same request goes on.
resource "aws_cloudwatch_event_rule" "unfinished" {
  for_each = local.whole

  name        = "${var.name}-${each.key}-unfinished"
  description = "A call of ${each.key} that is to go on"

  event_pattern = jsonencode({
    source        = ["lambda"]
    "detail-type" = ["Lambda Function Invocation Result - Success"]
    detail = {
      requestContext  = { functionArn = [{ prefix = each.value.arn }] }
      responsePayload = { state = ["CONTINUE"] }
    }
  })
}

resource "aws_cloudwatch_event_target" "unfinished" {
  for_each = aws_cloudwatch_event_rule.unfinished

  rule       = each.value.name
  arn        = local.whole[each.key].arn
  input_path = "$.detail.requestPayload"

  retry_policy {
    maximum_retry_attempts       = 8
    maximum_event_age_in_seconds = 21600
  }

  dead_letter_config {
    arn = var.dead_letter_queue.arn
  }
}

resource "aws_lambda_permission" "unfinished" {
  for_each = aws_cloudwatch_event_rule.unfinished

  statement_id   = "Unfinished"
  action         = "lambda:InvokeFunction"
  function_name  = local.whole[each.key].name
  principal      = "events.amazonaws.com"
  source_arn     = each.value.arn
  source_account = local.account
}

resource "aws_cloudwatch_event_rule" "finished" {
  for_each = local.whole

  name        = "${var.name}-campaign-finished"
  description = "A campaign that is done; passed tells of its verdict"

  event_pattern = jsonencode({
    source        = ["lambda"]
    "detail-type" = ["Lambda Function Invocation Result - Success"]
    detail = {
      requestContext  = { functionArn = [{ prefix = each.value.arn }] }
      responsePayload = { state = ["DONE"] }
    }
  })
}

resource "aws_cloudwatch_event_target" "finished" {
  for_each = aws_cloudwatch_event_rule.finished

  rule       = each.value.name
  arn        = aws_sns_topic.told.arn
  input_path = "$.detail.responsePayload"

  dead_letter_config {
    arn = var.dead_letter_queue.arn
  }
}

# What EventBridge cannot deliver it leaves here.
data "aws_iam_policy_document" "dead" {
  statement {
    sid       = "Undelivered"
    actions   = ["sqs:SendMessage"]
    resources = [var.dead_letter_queue.arn]

    principals {
      type        = "Service"
      identifiers = ["events.amazonaws.com"]
    }

    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values = concat(
        [aws_cloudwatch_event_rule.told.arn],
        values(aws_cloudwatch_event_rule.call)[*].arn,
        values(aws_cloudwatch_event_rule.unfinished)[*].arn,
        values(aws_cloudwatch_event_rule.finished)[*].arn,
      )
    }
  }
}

resource "aws_sqs_queue_policy" "dead" {
  queue_url = var.dead_letter_queue.url
  policy    = data.aws_iam_policy_document.dead.json
}

# Verdicts, alarms and costs.
resource "aws_sns_topic" "told" {
  name              = "${var.name}-told"
  kms_master_key_id = var.key_arn
}

data "aws_iam_policy_document" "told" {
  # EventBridge tells SNS nothing that a condition could ask for: with one, nothing would be delivered.
  statement {
    sid       = "Events"
    actions   = ["sns:Publish"]
    resources = [aws_sns_topic.told.arn]

    principals {
      type        = "Service"
      identifiers = ["events.amazonaws.com"]
    }
  }

  statement {
    sid       = "AlarmsAndCosts"
    actions   = ["sns:Publish"]
    resources = [aws_sns_topic.told.arn]

    principals {
      type        = "Service"
      identifiers = ["cloudwatch.amazonaws.com", "budgets.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }
  }
}

resource "aws_sns_topic_policy" "told" {
  arn    = aws_sns_topic.told.arn
  policy = data.aws_iam_policy_document.told.json
}

resource "aws_sns_topic_subscription" "email" {
  for_each = toset(var.email == null ? [] : [var.email])

  topic_arn = aws_sns_topic.told.arn
  protocol  = "email"
  endpoint  = each.value
}
