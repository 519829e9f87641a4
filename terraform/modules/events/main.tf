# A model that is uploaded starts a campaign; a campaign that is to go on is called again; its end is published.
#
# S3's own "Object Created" does not tell which role wrote an object, only which account, and Sclera writes repaired
# graders below models/ itself: a campaign would start the next one for ever. So the same writes are read from a trail
# of data events, which knows the role. It holds writes below models/ alone.

data "aws_caller_identity" "current" {}

locals {
  account  = data.aws_caller_identity.current.account_id
  deployed = var.campaign == null ? [] : [var.campaign]
}

resource "aws_cloudtrail" "models" {
  name                          = "${var.name}-models"
  s3_bucket_name                = var.logs_bucket
  s3_key_prefix                 = "trail"
  include_global_service_events = false
  is_multi_region_trail         = false
  enable_log_file_validation    = true

  advanced_event_selector {
    name = "Writes below models/"

    field_selector {
      field  = "eventCategory"
      equals = ["Data"]
    }

    field_selector {
      field  = "resources.type"
      equals = ["AWS::S3::Object"]
    }

    field_selector {
      field       = "resources.ARN"
      starts_with = ["${var.bucket_arn}/models/"]
    }

    field_selector {
      field  = "eventName"
      equals = ["PutObject", "CompleteMultipartUpload", "CopyObject"]
    }
  }
}

resource "aws_cloudwatch_event_rule" "uploaded" {
  name        = "${var.name}-model-uploaded"
  description = "A model.onnx was written below models/, by someone who is not Sclera"

  event_pattern = jsonencode({
    source        = ["aws.s3"]
    "detail-type" = ["AWS API Call via CloudTrail"]
    detail = {
      eventSource = ["s3.amazonaws.com"]
      eventName   = ["PutObject", "CompleteMultipartUpload", "CopyObject"]
      errorCode   = [{ exists = false }]
      requestParameters = {
        bucketName = [split(":::", var.bucket_arn)[1]]
        key        = [{ wildcard = "models/*/model.onnx" }]
      }
      userIdentity = {
        sessionContext = {
          sessionIssuer = {
            # a user without a role has no session
            arn = [{ "anything-but" = var.writers }, { exists = false }]
          }
        }
      }
    }
  })
}

resource "aws_cloudwatch_event_target" "uploaded" {
  for_each = { for function in local.deployed : "campaign" => function }

  rule = aws_cloudwatch_event_rule.uploaded.name
  arn  = each.value.arn

  # A campaign's id follows from its request, so an event that comes twice does the work once.
  input_transformer {
    input_paths = {
      key = "$.detail.requestParameters.key"
    }
    # jsonencode would escape the angle brackets
    input_template = replace(jsonencode(merge(var.request, { models = ["MODEL"] })), "\"MODEL\"", "\"<key>\"")
  }

  retry_policy {
    maximum_retry_attempts       = 8
    maximum_event_age_in_seconds = 21600
  }

  dead_letter_config {
    arn = var.dead_letter_queue.arn
  }
}

resource "aws_lambda_permission" "uploaded" {
  for_each = { for function in local.deployed : "campaign" => function }

  statement_id   = "ModelUploaded"
  action         = "lambda:InvokeFunction"
  function_name  = each.value.name
  principal      = "events.amazonaws.com"
  source_arn     = aws_cloudwatch_event_rule.uploaded.arn
  source_account = local.account
}

# "CONTINUE" is no failure: there was no time for all of it, and the same request goes on.
resource "aws_cloudwatch_event_rule" "unfinished" {
  for_each = { for function in local.deployed : "campaign" => function }

  name        = "${var.name}-campaign-unfinished"
  description = "A campaign that is to be called again"

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
  arn        = var.campaign.arn
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

  statement_id   = "CampaignUnfinished"
  action         = "lambda:InvokeFunction"
  function_name  = var.campaign.name
  principal      = "events.amazonaws.com"
  source_arn     = each.value.arn
  source_account = local.account
}

resource "aws_cloudwatch_event_rule" "finished" {
  for_each = { for function in local.deployed : "campaign" => function }

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
        [aws_cloudwatch_event_rule.uploaded.arn],
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
