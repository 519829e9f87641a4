# Reports by the clock. The function report wants to be told dataset, models and perturbations; "all current models" is
# nothing that it understands yet, so each schedule names what it reports.

data "aws_caller_identity" "current" {}

resource "aws_scheduler_schedule_group" "reports" {
  name = "${var.name}-reports"
}

data "aws_iam_policy_document" "assume" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["scheduler.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }

    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [aws_scheduler_schedule_group.reports.arn]
    }
  }
}

resource "aws_iam_role" "scheduler" {
  name               = "${var.name}-scheduler"
  assume_role_policy = data.aws_iam_policy_document.assume.json
}

data "aws_iam_policy_document" "scheduler" {
  statement {
    sid       = "Report"
    actions   = ["lambda:InvokeFunction"]
    resources = [var.report_arn]
  }

  statement {
    sid       = "DeadLetters"
    actions   = ["sqs:SendMessage"]
    resources = [var.dead_letter_queue_arn]
  }

  statement {
    sid       = "Key"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = [var.key_arn]
  }
}

resource "aws_iam_role_policy" "scheduler" {
  name   = "report"
  role   = aws_iam_role.scheduler.id
  policy = data.aws_iam_policy_document.scheduler.json
}

resource "aws_scheduler_schedule" "report" {
  for_each = var.requests

  name                         = "${var.name}-${each.key}"
  group_name                   = aws_scheduler_schedule_group.reports.name
  schedule_expression          = var.expression
  schedule_expression_timezone = var.timezone

  flexible_time_window {
    mode                      = "FLEXIBLE"
    maximum_window_in_minutes = 15
  }

  target {
    arn      = var.report_arn
    role_arn = aws_iam_role.scheduler.arn
    input    = jsonencode(each.value)

    retry_policy {
      maximum_retry_attempts       = 8
      maximum_event_age_in_seconds = 21600
    }

    dead_letter_config {
      arn = var.dead_letter_queue_arn
    }
  }
}
