# Reports by the clock: of each dataset that is named, on all models and under all perturbations that there are at the
# time, evaluated before where they were not yet; and whatever else is asked for. What takes longer than the function may
# run is called again by module events, and goes on, for every evaluation is kept.

data "aws_caller_identity" "current" {}

locals {
  current = {
    for dataset in var.datasets : "current-${dataset}" => {
      dataset       = dataset
      models        = ["*"]
      perturbations = ["*"]
      evaluate      = true
    }
  }

  requests = merge(local.current, var.requests)
}

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
  for_each = local.requests

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
